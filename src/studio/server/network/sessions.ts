import { randomBytes } from 'node:crypto'
import type { Person } from './people.ts'

/** How long somebody who does not come back stays known, in ms. */
const lastingMs = 30 * 24 * 3600_000

export interface Sessions {
  /** Answers the secret that stands for it. */
  begin(person: Person): string
  /** Who the session is of; null: there is none, or they are no longer let in, or have another password by now. */
  of(secret: string): Person | null
  end(secret: string): void
}

/** Who is logged in, for as long as the server runs. */
export function createSessions(people: () => readonly Person[], now: () => number = Date.now): Sessions {
  const open = new Map<string, { hash: string; seenAt: number }>()
  return {
    begin({ hash }) {
      for (const [secret, { seenAt }] of open) if (now() - seenAt > lastingMs) open.delete(secret)
      const secret = randomBytes(32).toString('base64url')
      open.set(secret, { hash, seenAt: now() })
      return secret
    },
    of(secret) {
      const session = open.get(secret)
      if (!session || now() - session.seenAt > lastingMs) return null
      session.seenAt = now()
      return people().find(({ hash }) => hash === session.hash) ?? null
    },
    end: (secret) => void open.delete(secret),
  }
}
