import { createHash } from 'node:crypto'
import { mkdir, open, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Evaluation } from '../../../shared/engine/engineContract.ts'

/**
 * What U-Nets have answered for pictures that are not finished, one file a job: a picture that was paused or cut off goes
 * on there. A file begins with 32 bytes, the SHA-256 of the picture and all that its answers depend on. Each answer follows
 * as its length in bytes, its CRC-32, how it was made (all uint32) and its numbers (float32, all little-endian). How: the
 * lowest two bits say how the weights were widened (0: the network has no two forms, 1: in the run, 2: they had been before),
 * the next two whether it was made in one run with another (0: there was none, 1: no, 2: yes). What was cut off or damaged
 * ends the file.
 */
export interface EvaluationFiles {
  /** The answers there are for a picture, in their order. Those of another one, or under other circumstances, are dropped. */
  open(picture: UnfinishedPicture): Promise<Evaluation[]>
  /** Takes one more answer, for the job that was opened last. It is written within two seconds. */
  add(jobId: string, image: number, evaluation: Evaluation): void
  /** Waits until all that was taken is on the disk. Throws what kept it from there. */
  flush(): Promise<void>
  forget(jobId: string): Promise<void>
}

export interface UnfinishedPicture {
  jobId: string
  image: number
  /** All that answers depend on beside the image's place: request, device, model and versions, as JSON. */
  circumstances: unknown
}

/** Ms that answers wait for more to be written with. */
const pause = 2000
const recordHead = 12
const headBytes = 32

/** Files below `folder`; those of jobs that are not open any more are removed first. */
export async function openEvaluationFiles(
  folder: string,
  isOpen: (jobId: string) => boolean,
): Promise<EvaluationFiles> {
  const pathOf = (jobId: string): string => join(folder, `${jobId}.evaluations`)
  const writer = createWriter()
  let current: UnfinishedPicture | null = null
  await removeLeftovers(folder, isOpen)

  function begin(picture: UnfinishedPicture): void {
    current = picture
    writer.begin(pathOf(picture.jobId), headOf(picture))
  }

  return {
    async open(picture) {
      const path = pathOf(picture.jobId)
      await writer.drop()
      const kept = await readFile(path).catch(() => null)
      const answers = kept ? answersIn(kept, headOf(picture)) : null
      if (!answers || answers.length === 0) {
        begin(picture)
        return []
      }
      current = picture
      // What was cut off at the end would stand before what follows.
      const whole = answers.reduce((sum, { answer }) => sum + recordHead + answer.byteLength, headBytes)
      if (whole < kept!.length) await writeFile(path, kept!.subarray(0, whole))
      writer.goOn(path)
      return answers
    },
    add(jobId, image, evaluation) {
      if (current?.jobId !== jobId) return
      if (current.image !== image) begin({ ...current, image })
      writer.add(recordOf(evaluation))
    },
    flush: writer.flush,
    async forget(jobId) {
      if (current?.jobId === jobId) current = null
      await writer.drop()
      // What stays is removed at the next start.
      await rm(pathOf(jobId), { force: true }).catch(() => {})
    },
  }
}

/** Writes a file piece by piece, a while after a piece came. */
function createWriter() {
  let path = ''
  let isNew = false
  let unwritten: Uint8Array[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let failure: Error | null = null

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    if (unwritten.length === 0) return
    const [to, bytes, begins] = [path, Buffer.concat(unwritten), isNew]
    unwritten = []
    isNew = false
    writing = writing.then(() => append(to, bytes, begins)).catch((error: Error) => void (failure ??= error))
  }

  return {
    begin(newPath: string, head: Uint8Array): void {
      ;[path, isNew, unwritten] = [newPath, true, [head]]
    },
    goOn(oldPath: string): void {
      path = oldPath
    },
    add(pieces: readonly Uint8Array[]): void {
      unwritten.push(...pieces)
      timer ??= setTimeout(write, pause).unref()
    },
    async flush(): Promise<void> {
      write()
      await writing
      if (failure) throw failure
    },
    /** Writes no more of what came, and waits for what is being written. */
    async drop(): Promise<void> {
      clearTimeout(timer)
      timer = undefined
      unwritten = []
      await writing
      failure = null
    },
  }
}

const headOf = ({ image, circumstances }: UnfinishedPicture): Uint8Array =>
  createHash('sha256')
    .update(JSON.stringify([image, circumstances], inOrder))
    .digest()

/** A request that was read again has its fields in another order than the one that was asked for. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** What is so, is not so or does not apply, in the order of their numbers in a file. */
const forms = [null, false, true] as const

function recordOf({ answer, widened, together }: Evaluation): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = answer
  // A copy: the answer is the sampler's to go on with.
  const numbers = Buffer.from(new Uint8Array(buffer, byteOffset, byteLength))
  const head = Buffer.alloc(recordHead)
  head.writeUInt32LE(byteLength, 0)
  head.writeUInt32LE(crc32(numbers), 4)
  head.writeUInt32LE(forms.indexOf(widened) + 4 * forms.indexOf(together), 8)
  return [head, numbers]
}

/** null where the file is of something else. */
function answersIn(bytes: Buffer, head: Uint8Array): Evaluation[] | null {
  if (!bytes.subarray(0, headBytes).equals(head)) return null
  const answers: Evaluation[] = []
  for (let at = headBytes; at + recordHead <= bytes.length;) {
    const length = bytes.readUInt32LE(at)
    const numbers = bytes.subarray(at + recordHead, at + recordHead + length)
    const isWhole = length > 0 && length % 4 === 0 && numbers.length === length
    if (!isWhole || crc32(numbers) !== bytes.readUInt32LE(at + 4)) break
    const how = bytes.readUInt32LE(at + 8)
    const [widened, together] = [forms[how % 4], forms[how >>> 2]]
    if (widened === undefined || together === undefined) break
    answers.push({ answer: new Float32Array(Uint8Array.from(numbers).buffer), widened, together })
    at += recordHead + length
  }
  return answers
}

async function append(path: string, bytes: Uint8Array, isNew: boolean): Promise<void> {
  if (isNew) await mkdir(join(path, '..'), { recursive: true })
  const file = await open(path, isNew ? 'w' : 'a')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function removeLeftovers(folder: string, isOpen: (jobId: string) => boolean): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, jobId] = /^(.+)\.evaluations$/.exec(name) ?? []
    if (jobId !== undefined && !isOpen(jobId)) await rm(join(folder, name), { force: true })
  }
}
