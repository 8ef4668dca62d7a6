import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EngineCalls, EngineEvents, EngineImage } from '../../src/shared/engine/engineContract.ts'
import { inEnglish } from '../../src/shared/notices.ts'
import type { Phase } from '../../src/shared/queue/jobs.ts'
import { connect } from '../../src/shared/calls/rpc.ts'
import { childChannel } from '../../src/studio/engine/childChannel.ts'
import { engineEnvironment } from '../../src/studio/engine/engineProcess.ts'

/**
 * What one phase of a picture took: on the clock, in the time of all processors, and the most memory of the process's own,
 * without mapped files.
 */
export interface WatchedPhase {
  ms: number
  cpuMs: number
  peakBytes: number
}

export interface WatchedEngine {
  calls: EngineCalls
  images: readonly EngineImage[]
  /** Since the engine began, in the order in which they began. */
  phases: ReadonlyMap<Phase, WatchedPhase>
  /** The most that was in memory at once, files that are mapped into the process included (VmHWM). */
  residentPeak(): number
  stop(): void
}

/** An engine's process, looked at every 20 ms from here, as it is deaf at work; `hear` is told what it tells. Linux. */
export function startWatchedEngine(hear: Partial<EngineEvents> = {}): WatchedEngine {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url))],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced', env: engineEnvironment() },
  )
  const images: EngineImage[] = []
  const phases = new Map<Phase, WatchedPhase>()
  let [phase, since, used]: [Phase, number, number] = ['loading', performance.now(), 0]
  const look = (): void => {
    const own = bytesOf(child.pid!, 'RssAnon')
    const { ms = 0, cpuMs = 0, peakBytes = 0 } = phases.get(phase) ?? {}
    const [now, cpu] = [performance.now(), cpuMsOf(child.pid!)]
    phases.set(phase, {
      ms: ms + now - since,
      cpuMs: cpuMs + cpu - used,
      peakBytes: Math.max(peakBytes, own),
    })
    ;[since, used] = [now, cpu]
  }
  const events: EngineEvents = {
    progress(told) {
      look()
      phase = told.phase
      hear.progress?.(told)
    },
    evaluated: (...told) => hear.evaluated?.(...told),
    preview() {},
    warning: (...says) => console.log(`  ${inEnglish(says)}`),
    image: (image) => void images.push(image),
  }
  const looking = setInterval(look, 20)
  return {
    calls: connect<EngineCalls>(childChannel(child), events),
    ...{ images, phases },
    residentPeak: () => bytesOf(child.pid!, 'VmHWM'),
    stop() {
      clearInterval(looking)
      child.kill('SIGKILL')
    },
  }
}

function bytesOf(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
}

/** Ticks are hundredths of a second (proc_pid_stat(5): utime and stime). */
function cpuMsOf(pid: number): number {
  const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\S)/)
  const fields = after.split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}
