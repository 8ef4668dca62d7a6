import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { openStudio } from '../../src/studio/studio.ts'
import { createRandom } from './random.ts'

/**
 * A studio in a process of its own that lives a busy life until it is killed. Tells what a person would have been told:
 * jobs accepted, pictures shown, settings changed; and what is about to be deleted for good.
 */
export type Told =
  | { opening: true }
  | { accepted: string }
  | { shown: string; ofJob: string }
  | { deleting: string[] }
  // A setting that is about to be changed, and one whose change was answered.
  | { changing: number }
  | { changed: number }

const [dataFolder, seed, habit] = process.argv.slice(2)
const random = createRandom(Number(seed))
const tell = (told: Told): void => void process.send!(told)

tell({ opening: true })
const studio = await openStudio({
  dataFolder,
  enginePath: fileURLToPath(new URL('../../tests/studio/fixtures/engine.ts', import.meta.url)),
})
const { calls } = studio
studio.subscribe({ imageAdded: ({ id, jobId }) => tell({ shown: id, ofJob: jobId }) })

const habits: Record<string, (() => Promise<unknown>)[]> = {
  draw: [enqueue, enqueue, look],
  enlarge: [enqueue, enlarge, enlarge, change],
  pause: [enqueue, pause, resume, pause, resume],
  retry: [enqueue, cancel, retry, retry, retry],
  trash: [enqueue, trash, trash, emptyTrash, restore],
}

for (;;) {
  const open = (await calls.jobs()).filter(({ state }) => state === 'queued' || state === 'running')
  // What a person asks for in vain is told to them; it is no fault.
  await random
    .pick(open.length < 3 ? habits[habit] : habits[habit].slice(1))()
    .catch(() => {})
  await wait(random.number(30))
}

async function enqueue(): Promise<void> {
  const prompt = random.pick(['quick', 'quick', 'slow'])
  const { id } = await calls.enqueue({
    prompt,
    steps: 1,
    width: 64,
    height: 64,
    batchSize: 1 + random.number(3),
  })
  tell({ accepted: id })
}

async function enlarge(): Promise<void> {
  const { items } = await calls.history({ limit: 5 })
  if (!items.length) return
  const { id } = await calls.upscale({
    imageId: random.pick(items).id,
    upscaler: 'Lanczos',
    scale: 1 + random.number(2),
  })
  tell({ accepted: id })
}

async function change(): Promise<void> {
  const cancelGraceMs = random.number(600_000)
  tell({ changing: cancelGraceMs })
  await calls.changeSettings({ cancelGraceMs })
  tell({ changed: cancelGraceMs })
}

async function look(): Promise<void> {
  await calls.history({ search: 'quick' })
}

async function cancel(): Promise<void> {
  const open = (await calls.jobs()).filter(({ state }) => state === 'queued' || state === 'running')
  if (open.length) await calls.stopNow(random.pick(open).id)
}

async function pause(): Promise<void> {
  const open = (await calls.jobs()).filter(({ state }) => state === 'queued' || state === 'running')
  if (open.length) await calls.pause(random.pick(open).id)
}

async function resume(): Promise<void> {
  const paused = (await calls.jobs()).filter(({ state }) => state === 'paused')
  if (paused.length) await calls.resume(random.pick(paused).id)
}

async function retry(): Promise<void> {
  const ended = (await calls.jobs()).filter(({ state }) => state === 'failed' || state === 'cancelled')
  if (ended.length) await calls.retry(random.pick(ended).id)
}

async function trash(): Promise<void> {
  const { items } = await calls.history({ limit: 20 })
  if (items.length) await calls.trash([random.pick(items).id])
}

async function restore(): Promise<void> {
  const { items } = await calls.history({ limit: 20, trashed: true })
  if (items.length) await calls.restore([random.pick(items).id])
}

async function emptyTrash(): Promise<void> {
  const { items } = await calls.history({ limit: 500, trashed: true })
  tell({ deleting: items.map(({ id }) => id) })
  await calls.emptyTrash()
}
