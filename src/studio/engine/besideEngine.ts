import type { EngineCalls } from '../../shared/engine/engineContract.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import { withinTime } from '../models/folders/timeLimit.ts'
import type { EngineProcess } from './engineProcess.ts'

/** Calls about the request in the form, which is mostly for the model that is open: they read, and compute nothing. */
const lightCalls = ['checkRequest', 'readPrompts', 'estimate', 'findTurbo', 'upscalerWork'] as const
type LightCall = (typeof lightCalls)[number]

/** How long the answer of an engine that draws is waited for, in ms: a small model is opened within that. */
const usualPatience = 2000

const isLate = Symbol('late')

/**
 * What answers while the engine draws. Starting a second process takes as long as many evaluations of a small network: what
 * is light is asked of the engine itself, which hears between two of them. One of a large network may take half a minute:
 * then, and for all that computes, the inspector answers, and once it is there it answers everything.
 */
export function besideEngine(
  engine: EngineProcess,
  inspector: EngineProcess,
  patienceMs = usualPatience,
): EngineCalls {
  async function ask(name: LightCall, args: unknown[]): Promise<unknown> {
    const askedOf = ({ calls }: EngineProcess) =>
      (calls[name] as (...args: unknown[]) => Promise<unknown>)(...args)
    if (inspector.isAlive()) return askedOf(inspector)
    const asked = askedOf(engine).catch((error: unknown) => {
      // Whoever stops a picture at once ends its engine.
      if (toErrorRecord(error).code === 'engine-crashed') return isLate
      throw error
    })
    const answer = await withinTime(asked, patienceMs, isLate)
    return answer === isLate ? askedOf(inspector) : answer
  }

  const light = lightCalls.map((name) => [name, (...args: unknown[]) => ask(name, args)])
  return { ...inspector.calls, ...(Object.fromEntries(light) as Pick<EngineCalls, LightCall>) }
}
