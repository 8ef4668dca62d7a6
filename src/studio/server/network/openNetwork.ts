import { join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { takeTurns, type Turn } from '../../jobs/queue/turn.ts'
import type { Studio, StudioOptions } from '../../studio.ts'
import type { Listening } from '../server.ts'
import { countAttempts } from './attempts.ts'
import { givenCertificate, ownCertificate, type Certificate } from './certificate.ts'
import { hostOf, ownHostNames } from './hostNames.ts'
import { openLibraries, type Libraries } from './libraries.ts'
import { networkGate } from './networkGate.ts'
import { readPeople } from './people.ts'
import { createSessions } from './sessions.ts'

/** How a person wants a studio to be served on a network. */
export interface NetworkOptions {
  /** An address of this machine; 0.0.0.0 and :: are all of them. */
  listen: string
  /** Files of a certificate and its key, PEM; null: one that the studio signs itself. */
  tls: { cert: string; key: string } | null
  /** Host names beside the machine's own: that of a proxy, say. */
  allowedHosts: readonly string[]
}

export interface Network {
  shared: Studio
  listening: Listening
  certificate: Certificate
  libraries: Libraries
}

/**
 * Opens the shared library and what lets people in. Throws `bad-request` where nobody could come in, and for names and
 * certificates that are none, before anything listens.
 */
export async function openNetwork(
  { listen, tls, allowedHosts }: NetworkOptions,
  dataFolder: string,
  open: (options: Pick<StudioOptions, 'dataFolder' | 'furtherFolders' | 'turn'>) => Promise<Studio>,
): Promise<Network> {
  if (readPeople(dataFolder).length === 0) {
    const message = 'Nobody could come in over the network yet. Add somebody with "studio people --add NAME".'
    throw new StudioError('bad-request', message)
  }
  const chosen = ['0.0.0.0', '::'].includes(listen) ? [] : [checkedHost(listen)]
  const hosts = [...new Set([...allowedHosts.map(checkedHost), ...chosen, ...ownHostNames()])]
  const certificate = tls
    ? await givenCertificate(tls.cert, tls.key)
    : await ownCertificate(join(dataFolder, 'tls'), hosts)
  const turn: Turn = takeTurns()
  const shared = await open({ dataFolder, turn })
  const libraries = openLibraries({ shared, dataFolder, open: (given) => open({ ...given, turn }) })
  const people = () => readPeople(dataFolder)
  const gate = (port: number) =>
    networkGate({
      ...{ port, hosts, people, libraries },
      sessions: createSessions(people),
      attempts: countAttempts(),
    })
  return { shared, listening: { host: listen, tls: certificate, gate }, certificate, libraries }
}

function checkedHost(given: string): string {
  const host = hostOf(given)
  if (host) return host
  throw new StudioError('bad-request', `A host name or an IP address was expected, found "${given}".`)
}
