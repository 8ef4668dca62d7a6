import { rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DownloadSite } from '../../../shared/models/downloads.ts'
import { StudioError } from '../../../shared/errors.ts'
import { syncFolder } from '../../files.ts'
import { Cut } from './cut.ts'
import { digestOf } from './digest.ts'
import type { WantedFile } from '../sites/offer.ts'
import { openPartFile, partPath, removePartFile, type PartFile } from './partFile.ts'
import type { Range } from './ranges.ts'
import { siteNames } from './refusals.ts'
import { ask, withPatience, type Answer, type Network } from './request.ts'

/** Ranges that are fetched at the same time, and how many bytes one has at most. */
const parallel = { requests: 4, bytes: 16 * 2 ** 20 }

export interface FileWork {
  network: Network
  site: DownloadSite
  signal: AbortSignal
  /** Id of the studio that writes. */
  writer: string
  /** Bytes of this file that are on the disk. */
  reached: (bytes: number) => void
  /** The server sends it only as a whole, so it begins again. */
  startedOver: () => void
  /** All bytes are there, and their digest is computed. */
  checking: () => void
}

/**
 * Fetches a file to `path`: what is there of it already is kept, several ranges at a time where the server can, and it
 * gets its name once its digest is right and it is on the disk. What is not what the site promised is deleted. Throws
 * `unreachable`, `login-needed`, `not-found`, `bad-download`.
 */
export async function fetchFile(file: WantedFile, path: string, work: FileWork): Promise<void> {
  const size = file.slack === 0 ? file.size : await exactSize(file, work)
  const part = await openPartFile(path, { size, digest: file.digest.hex }, work.writer)
  work.reached(part.doneBytes())
  try {
    const source = openSource(file, size, work)
    await withPatience(work.network, work, () => fetchMissing(part, source, work), part.doneBytes)
    await part.keep()
  } catch (error) {
    if (isRefused(error)) {
      await part.close()
      await removePartFile(path)
    } else await part.keep().catch(() => {})
    throw error
  } finally {
    await part.close().catch(() => {})
  }
  await check(file, path, work)
  await rename(partPath(path), path)
  await syncFolder(dirname(path))
  await removePartFile(path)
}

const isRefused = (error: unknown): boolean => error instanceof StudioError && error.code === 'bad-download'

/** Where the bytes come from: the address behind the site's redirects is kept until it ends. */
function openSource(file: WantedFile, size: number, { network, site, signal }: FileWork) {
  let location: string | null = null
  return {
    async ask(range: Range): Promise<Answer> {
      try {
        const answer = await ask(network, { site, url: location ?? file.url, range, signal })
        location = answer.location.href
        checkAnswer(answer, range, size, file)
        return answer
      } catch (error) {
        if (error instanceof Cut) location = null
        throw error
      }
    },
  }
}

type Source = ReturnType<typeof openSource>

/** Throws `bad-download` where the answer is about a file of another size, or other bytes of it. */
function checkAnswer({ response, drop }: Answer, [from, to]: Range, size: number, file: WantedFile): void {
  const told = response.status === 206 ? response.headers.get('content-range') : null
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(told ?? '') ?? []
  const length = response.headers.get('content-length')
  const problem =
    response.status === 200
      ? length !== null && Number(length) !== size && `has ${length} bytes`
      : first === undefined
        ? 'comes in a part without saying which'
        : total !== '*' && Number(total) !== size
          ? `has ${total} bytes`
          : (Number(first) !== from || Number(last) > to - 1) && 'comes in other parts than it was asked for'
  if (!problem) return
  drop()
  throw new StudioError(
    'bad-download',
    `${file.path} ${problem}, where ${size} bytes were promised. It was deleted. Try again later; if it stays so, the file was replaced on the site.`,
  )
}

/** Fetches what is missing; the first answer tells whether the server gives ranges. */
async function fetchMissing(part: PartFile, source: Source, work: FileWork): Promise<void> {
  const pieces = part.pieces(parallel.bytes)
  const first = pieces.shift()
  if (!first) return
  const answer = await source.ask(first)
  if (answer.response.status === 200) return readWhole(part, answer, work)

  async function readPieces(answer: Answer, piece: Range): Promise<void> {
    await readRange(part, answer, piece, work)
    const next = pieces.shift()
    if (next) await readPieces(await askPiece(next), next)
  }
  async function askPiece(piece: Range): Promise<Answer> {
    const answer = await source.ask(piece)
    if (answer.response.status === 206) return answer
    answer.drop()
    throw new Cut('the server gave ranges of the file, and then did not')
  }
  const others = pieces.splice(0, parallel.requests - 1)
  const readers = [
    readPieces(answer, first),
    ...others.map(async (piece) => readPieces(await askPiece(piece), piece)),
  ].map((reader) =>
    reader.catch((error: unknown) => {
      // One that was cut off leaves its piece for the next try; what is refused ends all.
      if (!(error instanceof Cut)) pieces.length = 0
      throw error
    }),
  )
  // All come to their end before another try begins: two must not write at once.
  const ended = await Promise.allSettled(readers)
  const failures = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  if (failures.length > 0) throw failures.find((failure) => !(failure instanceof Cut)) ?? failures[0]
}

async function readWhole(part: PartFile, answer: Answer, work: FileWork): Promise<void> {
  if (part.doneBytes() > 0) {
    await part.clear()
    work.startedOver()
  }
  const [[, size]] = part.pieces(Infinity)
  await readRange(part, answer, [0, size], work)
}

async function readRange(part: PartFile, { body }: Answer, [from, to]: Range, work: FileWork): Promise<void> {
  let position = from
  for await (const bytes of body()) {
    if (position + bytes.length > to)
      throw new StudioError(
        'bad-download',
        'The server sends more bytes than it said. What came was deleted. Try again later.',
      )
    await part.write(position, bytes)
    position += bytes.length
    work.reached(part.doneBytes())
  }
  if (position < to) throw new Cut('the connection was cut')
}

/** Civitai tells sizes in rounded KiB: the first byte's answer tells the exact one. Throws `bad-download` if far off. */
async function exactSize(file: WantedFile, { network, site, signal }: FileWork): Promise<number> {
  const answer = await withPatience(network, { site, signal }, () =>
    ask(network, { site, url: file.url, range: [0, 1], signal }),
  )
  answer.drop()
  const { status, headers } = answer.response
  const told =
    status === 206 ? headers.get('content-range')?.split('/').at(-1) : headers.get('content-length')
  const size = Number(told ?? NaN)
  if (Math.abs(size - file.size) <= file.slack) return size
  throw new StudioError(
    'bad-download',
    `${file.path} has ${told ?? 'an unknown number of'} bytes, where ${siteNames[site]} promised ${file.size}. Nothing was kept. Try again later.`,
  )
}

async function check(file: WantedFile, path: string, work: FileWork): Promise<void> {
  work.checking()
  const { algorithm, hex } = file.digest
  const found = await digestOf(partPath(path), algorithm, work.signal)
  if (found === hex) return
  const { size } = await stat(partPath(path))
  await removePartFile(path)
  throw new StudioError(
    'bad-download',
    `The bytes of ${file.path} are not the promised ones: the ${algorithm === 'sha256' ? 'sha256' : 'git hash'} of its ${size} bytes begins with ${found.slice(0, 10)} instead of ${hex.slice(0, 10)}. It was deleted. Try again; if it stays so, do not trust the server or what lies between.`,
  )
}
