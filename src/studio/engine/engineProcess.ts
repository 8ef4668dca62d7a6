import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { EngineCalls, EngineEvents } from '../../shared/engine/engineContract.ts'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import { connect } from '../../shared/calls/rpc.ts'
import { childChannel } from './childChannel.ts'
import { withinTime } from '../models/folders/timeLimit.ts'

export interface EngineProcess {
  /** The engine's calls. The process is started by the first (but `cancel` and `watch`), and again by the first after it ended. */
  readonly calls: EngineCalls
  isAlive(): boolean
  /** Ends the process at once, whatever it is doing; calls that wait for it reject with `engine-crashed`. */
  kill(): void
  /** Ends it for good: later calls reject with `disconnected`. */
  close(): void
}

interface EngineProcessOptions {
  nodePath: string
  enginePath: string
  events: EngineEvents
  /** Ms without a call after which the process is ended, and its model with it; 0: never. */
  idleMs?: () => number
  /** GiB that a person says the graphics card has; 0: what the engine finds. */
  cardMemory?: () => number
}

interface Running {
  child: ChildProcess
  calls: EngineCalls
  /** What it was told of the graphics card. */
  cardMemory: number
  /** Settles when the process has ended, with what is known of why. */
  ended: Promise<string>
  /** Whether it has been heard of since it was started. */
  hasAnswered: boolean
  pendingCalls: number
  /** Of those, calls during which the engine may hear nothing for long. */
  pendingWork: number
  /** How many of such calls there have been. */
  worksBegun: number
  /** When the last call ended, by performance.now(). */
  idleSince: number
  /** The question under way whether the engine still answers. */
  check?: Promise<boolean>
}

const engineCallNames = [
  'ping',
  'versions',
  'describeModel',
  'checkRequest',
  'readPrompts',
  'raceChoices',
  'estimate',
  'upscalerWork',
  'examineModel',
  'examineFiles',
  'headerThumbnail',
  'hashFile',
  'preprocess',
  'devices',
  'findTurbo',
  'testTurbo',
  'run',
  'upscale',
  'prepare',
  'encodePicture',
  'decodeLatents',
  'trace',
  'attention',
  'unetDrawing',
  'unetRun',
  'drawMix',
  'raceRun',
  'watch',
  'cancel',
] as const

/** Networks are opened and evaluated on the engine's only thread. */
const isWork = (name: keyof EngineCalls): boolean => works.includes(name)
const works: readonly (keyof EngineCalls)[] = [
  'run',
  'upscale',
  'prepare',
  'encodePicture',
  'decodeLatents',
  'trace',
  'attention',
  'unetDrawing',
  'unetRun',
  'drawMix',
  'raceRun',
  'devices',
  'testTurbo',
  'examineModel',
  'examineFiles',
  'hashFile',
  'preprocess',
]

/**
 * The engine in its own process, on a real Node binary: it may crash, hang or be killed without anything else
 * noticing. When it ends during a call, that call rejects with `engine-crashed` and says how it ended. One that does not
 * answer although it has nothing to do is ended and replaced, and one that had nothing to do for long is ended.
 */
export function createEngineProcess(options: EngineProcessOptions): EngineProcess {
  let running: Running | null = null
  let isClosed = false

  function start(): Running {
    if (isClosed) throw new StudioError('disconnected', 'The studio was closed.')
    const started = startProcess(options)
    const look = setInterval(() => {
      if (isLongIdle(started, options.idleMs?.() ?? 0)) end(started)
      else void looksHung(started).then((hung) => hung && end(started))
    }, lookEveryMs)
    look.unref()
    void started.ended.then(() => {
      clearInterval(look)
      if (running === started) running = null
    })
    return started
  }

  function end(engine: Running): void {
    engine.child.kill('SIGKILL')
    if (running === engine) running = null
  }

  /** The engine; if it had nothing to do, one that answered just now and knows what is set, or a fresh one. */
  async function answering(): Promise<Running> {
    const engine = running
    if (engine?.hasAnswered && engine.pendingCalls === 0) {
      const knowsLess = engine.cardMemory !== (options.cardMemory?.() ?? 0)
      if (knowsLess || (await looksHung(engine))) end(engine)
    }
    return (running ??= start())
  }

  async function call(name: keyof EngineCalls, args: unknown[]): Promise<unknown> {
    if ((name === 'cancel' || name === 'watch') && !running) return
    const engine = await answering()
    if (engine.pendingCalls++ === 0) keepParentAlive(engine.child, true)
    engine.pendingWork += Number(isWork(name))
    engine.worksBegun += Number(isWork(name))
    try {
      return await (engine.calls[name] as (...args: unknown[]) => Promise<unknown>)(...args)
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'disconnected') throw error
      throw new StudioError('engine-crashed', await engine.ended, { cause: error })
    } finally {
      engine.hasAnswered = true
      engine.pendingWork -= Number(isWork(name))
      engine.idleSince = performance.now()
      if (--engine.pendingCalls === 0) keepParentAlive(engine.child, false)
    }
  }

  const kill = (): void => void (running && end(running))
  return {
    calls: Object.fromEntries(
      engineCallNames.map((name) => [name, (...args: unknown[]) => call(name, args)]),
    ) as unknown as EngineCalls,
    isAlive: () => running !== null,
    kill,
    close() {
      isClosed = true
      kill()
    },
  }
}

/** How often an engine without work is asked whether it is there, and how long it may take to answer, in ms. */
const lookEveryMs = 5_000
const idleLimitMs = 4_000
/** One that has just been started reads its own program first, from a slow disk perhaps. */
const busyLimitMs = 60_000

const isLongIdle = ({ pendingCalls, idleSince }: Running, idleMs: number): boolean =>
  idleMs > 0 && pendingCalls === 0 && performance.now() - idleSince >= idleMs

/** Whether an engine that should answer at once does not. One at work may hear nothing, and is not asked. */
function looksHung(engine: Running): Promise<boolean> {
  engine.check ??= check().finally(() => delete engine.check)
  return engine.check

  async function check(): Promise<boolean> {
    const { hasAnswered, pendingWork, pendingCalls, worksBegun } = engine
    if (pendingWork > 0) return false
    const limit = pendingCalls > 0 || !hasAnswered ? busyLimitMs : idleLimitMs
    // Twice: when a computer wakes up, every limit has passed.
    const answers = (await answersWithin(engine, limit)) || (await answersWithin(engine, limit))
    return !answers && engine.worksBegun === worksBegun
  }
}

/** Whether the engine gives any answer in that time; false also when its process has ended. */
function answersWithin({ calls }: Running, limitMs: number): Promise<boolean> {
  const answered = calls.ping().then(
    () => true,
    (error: unknown) => toErrorRecord(error).code !== 'disconnected',
  )
  return withinTime(answered, limitMs, false)
}

/**
 * The environment of the engine. glibc keeps what a released network leaves behind unless large blocks are mapped one
 * by one: measured with SD 1.5, 2.35 GiB against 0.07. It asks for huge pages, as filling memory in small ones is most
 * of what opening a network takes. A software Vulkan driver that a browser brings along
 * (VK_DRIVER_FILES) lies beside its loader, which the system's linker does not know.
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env }
  for (const name of ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'NODE_CHANNEL_FD']) delete env[name]
  if (process.platform !== 'linux') return env
  env['MALLOC_MMAP_THRESHOLD_'] ??= `${mappedFrom}`
  env['MALLOC_TRIM_THRESHOLD_'] ??= `${mappedFrom}`
  env['GLIBC_TUNABLES'] = withHugePages(env['GLIBC_TUNABLES'])
  const driver = env['VK_DRIVER_FILES']?.split(':')[0]
  if (driver) env['LD_LIBRARY_PATH'] = [env['LD_LIBRARY_PATH'], dirname(driver)].filter(Boolean).join(':')
  return env
}

/** Beside what else of glibc a person has tuned. */
function withHugePages(tunables = ''): string {
  const set = tunables.split(':').filter(Boolean)
  const isChosen = set.some((tunable) => tunable.startsWith('glibc.malloc.hugetlb='))
  return [...set, ...(isChosen ? [] : ['glibc.malloc.hugetlb=1'])].join(':')
}

/** Bytes from which on a block of memory is mapped on its own. */
const mappedFrom = 2 ** 17

function startProcess(options: EngineProcessOptions): Running {
  const cardMemory = options.cardMemory?.() ?? 0
  const env = engineEnvironment()
  if (cardMemory > 0) env['LATENT_STUDIO_CARD_MEMORY'] = `${cardMemory}`
  const child = spawn(options.nodePath, [options.enginePath], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
    env,
  })
  const killWithParent = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithParent)
  const output = keepLastLines(child)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The engine could not be started: ${error.message}.`))
    // 'close' follows 'exit' once the last output has been read.
    child.once('close', (code, signal) => resolve(howItEnded(code, signal, output())))
  }).finally(() => process.off('exit', killWithParent))
  const calls = connect<EngineCalls>(childChannel(child), options.events)
  keepParentAlive(child, false)
  const nothingYet = { pendingCalls: 0, pendingWork: 0, worksBegun: 0, hasAnswered: false }
  return { child, calls, ended, cardMemory, ...nothingYet, idleSince: performance.now() }
}

/** Only while a call waits for the engine may the engine hold up the end of this process. */
function keepParentAlive(child: ChildProcess, keep: boolean): void {
  for (const handle of [child, child.channel]) {
    if (keep) handle?.ref()
    else handle?.unref()
  }
}

const keptLines = 12

function keepLastLines(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-8192)
    })
    ;(stream as Socket | null)?.unref()
  }
  // ONNX Runtime colours what it says.
  return () => stripVTControlCharacters(text).trim().split('\n').slice(-keptLines).join('\n')
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null, output: string): string {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`
  // The out-of-memory killer of Linux sends SIGKILL; V8 and ONNX Runtime abort when an allocation fails.
  const isMemory =
    signal === 'SIGKILL' || code === 137 || /out of memory|bad_alloc|Failed to allocate/i.test(output)
  const isAbort = signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134
  const hint =
    isMemory || isAbort
      ? ' Often that means memory ran out: try a smaller picture or close other programs.'
      : ''
  // Who is killed says nothing of it: what stands there is older, and of something else.
  const words = signal === 'SIGKILL' || output === '' ? '' : `\nIts last words:\n${output}`
  return `The engine ${how} while it was working.${hint} The next run starts a fresh one.${words}`
}
