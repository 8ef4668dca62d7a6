import type { Browser, Page } from '@playwright/test'

/** Something that the page's main thread did in one go. */
export interface Task {
  /** Ms by the clock, and ms that the thread computed: what the clock would show on a machine with nothing else to do. */
  clock: number
  processor: number
  /** What of it took longest, and where that is written. */
  source: string
}

/** Chromium's names of one task, and of promises that are gone on with after one. */
const ofTasks = ['ThreadControllerImpl::RunTask', 'BlinkScheduler_PerformMicrotaskCheckpoint']
/** Ms from which on a task is felt (RAIL, and the Long Tasks API). */
const long = 50

/** The long tasks of a page's main thread while something is done, the longest first. */
export async function longTasks(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<Task[]> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'v8'] })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const events = ofMainThread(traceEvents, new URL(page.url()).origin)
  const tasks = events.filter(({ name, dur }) => ofTasks.includes(name) && dur >= long * 1000)
  return tasks
    .filter((task) => !tasks.some((other) => isWithin(task, other)))
    .map((task) => ({
      clock: task.dur / 1000,
      processor: (task.tdur ?? 0) / 1000,
      source: sourceOf(task, events),
    }))
    .sort((one, other) => other.clock - one.clock)
}

/** How many there were, and the longest. */
export function sayTasks(tasks: readonly Task[]): string {
  const computed = tasks.filter(({ processor }) => processor >= long).length
  const [longest] = tasks
  if (!longest) return '0 (target 0)'
  const most = Math.max(...tasks.map(({ processor }) => processor))
  return (
    `${tasks.length}, the longest ${longest.clock.toFixed(0)} ms: ${longest.source}; ` +
    `${computed} of the processor's time alone, the longest ${most.toFixed(0)} ms (target 0)`
  )
}

/** Microseconds. */
interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur: number
  tdur?: number
  args: { name?: string; fileName?: string; data?: { functionName?: string; url?: string } }
}

const isAt = (one: TraceEvent, other: TraceEvent): boolean => one.pid === other.pid && one.tid === other.tid

/** What the main thread did that ran the page's scripts: the browser has pages of its own. */
function ofMainThread(events: readonly TraceEvent[], origin: string): TraceEvent[] {
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const whole = events.filter(({ ph }) => ph === 'X')
  const own = whole.find(({ args }) => args.data?.url?.startsWith(origin))
  const thread = own && threads.find((thread) => isAt(own, thread))
  if (!thread) throw new Error(`Nothing in the trace ran scripts of ${origin}.`)
  return whole.filter((event) => isAt(event, thread))
}

const isWithin = (event: TraceEvent, task: TraceEvent): boolean =>
  event !== task && event.ts >= task.ts && event.ts + event.dur <= task.ts + task.dur

function sourceOf(task: TraceEvent, events: readonly TraceEvent[]): string {
  const within = events.filter((event) => isWithin(event, task))
  const named = within.filter(({ name }) => !/RunTask|mojo|OnHandleReady/.test(name))
  const [longest] = named.sort((one, other) => other.dur - one.dur)
  if (!longest) return 'not told'
  const { data, fileName } = longest.args
  const place = (data?.url ?? fileName ?? '').replace(/.*\//, '')
  return [longest.name, data?.functionName, place].filter(Boolean).join(' ')
}
