import { AsyncLocalStorage } from 'node:async_hooks'
import type { StudioCalls } from '../../../shared/calls/contract.ts'
import type { Asker } from '../../../shared/queue/jobs.ts'

const asking = new AsyncLocalStorage<Asker>()

/** Who made the call that this is done for; null: who sits at the machine. */
export const currentAsker = (): Asker | null => asking.getStore() ?? null

/** The calls as somebody makes them: the jobs that come of them are theirs. */
export function callsAs(calls: StudioCalls, asker: Asker): StudioCalls {
  const made = Object.entries(calls).map(([name, call]) => [
    name,
    (...args: unknown[]) => asking.run(asker, () => (call as (...args: unknown[]) => unknown)(...args)),
  ])
  return Object.fromEntries(made) as StudioCalls
}

/** A studio as somebody asks it. */
export const studioAs = <Asked extends { calls: StudioCalls }>(studio: Asked, asker: Asker): Asked => ({
  ...studio,
  calls: callsAs(studio.calls, asker),
})

export const personAsks = ({ id, name }: Asker): Asker => ({ id: `person:${id}`, name })
export const keyAsks = ({ id, name }: Asker): Asker => ({ id: `key:${id}`, name })
