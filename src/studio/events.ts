import { randomUUID } from 'node:crypto'
import { eventNames, type StudioEvents } from '../shared/calls/contract.ts'
import { told, type Notice, type Saying } from '../shared/notices.ts'

export interface Events {
  /** Tells every listener. */
  emit: StudioEvents
  /** Answers what ends the subscription. */
  subscribe(listener: Partial<StudioEvents>): () => void
  /** What happened without a person and that they must know, oldest first. */
  notices(): Notice[]
  notify(level: Notice['level'], ...says: Saying[]): void
}

export function createEvents(): Events {
  const listeners = new Set<Partial<StudioEvents>>()
  const notices: Notice[] = []
  const tellAll =
    (name: (typeof eventNames)[number]) =>
    (...told: unknown[]): void => {
      for (const listener of listeners)
        (listener[name] as ((...told: unknown[]) => void) | undefined)?.(...told)
    }
  const emit = Object.fromEntries(eventNames.map((name) => [name, tellAll(name)])) as unknown as StudioEvents
  return {
    emit,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    notices: () => [...notices],
    notify(level, ...says) {
      const said = told(...says)
      if (notices.some(({ message }) => message === said.message)) return
      const notice: Notice = { id: randomUUID(), createdAt: Date.now(), level, ...said }
      notices.push(notice)
      emit.notice(notice)
    },
  }
}
