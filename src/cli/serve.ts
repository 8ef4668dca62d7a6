import { closeAll } from '../studio/closing.ts'
import type { Farm } from '../studio/farm/farm.ts'
import { startServer } from '../studio/server/server.ts'
import type { StudioOptions } from '../studio/studio.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, flag, portOption, text, texts } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

const longestClosingMs = 20_000

export const serve = command({
  name: 'serve',
  summary: 'serves the studio to browsers: of this machine, or of a network when it is told to',
  options: {
    port: text('N', 'Port; any that is free where none is given.'),
    api: flag(
      'Answer programs that speak OpenAI\u2019s Images API (/v1) or AUTOMATIC1111\u2019s API (/sdapi/v1).',
    ),
    'without-key': flag(
      'With --api: let programs of this machine draw and look that cannot send a key, whoever runs them.',
    ),
    listen: text(
      'ADDRESS',
      'Serve on a network too, over TLS, at this address of the machine; 0.0.0.0 is all of them.',
    ),
    'tls-cert': text(
      'FILE',
      'With --listen: a certificate (PEM); the studio signs one itself where none is given.',
    ),
    'tls-key': text('FILE', 'The key of --tls-cert (PEM).'),
    'allow-host': texts(
      'NAME',
      'With --listen: a further name by which browsers may call this machine; may be repeated.',
    ),
    farm: text('REDIS', 'Have workers draw ("studio worker"), over this Redis: redis://HOST:PORT.'),
    data: dataFolder,
  },
  notes: [
    'Prints its address when it is ready. Without --listen only programs of this machine reach it.',
    'With --listen people log in with a name and a password ("studio people --add NAME"), and programs show a key. Browsers warn of a certificate that the studio signed itself: compare the fingerprint that is printed.',
    'With --api those come in that show a key, which "studio keys --add NAME" makes.',
  ],
  examples: [
    'studio keys --add "Open WebUI"',
    'studio serve --port 4000 --api',
    'studio serve --listen 0.0.0.0 --port 8443',
    'studio serve --port 4000 --farm redis://127.0.0.1:6379',
  ],
  read({ port, api = false, listen, farm: redis = null, data, ...others }) {
    const {
      'without-key': withoutKey = false,
      'tls-cert': cert,
      'tls-key': key,
      'allow-host': hosts,
    } = others
    if (withoutKey && (!api || listen !== undefined))
      throw new Error('--without-key: belongs to --api, and not to --listen.')
    const names = { 'tls-cert': cert, 'tls-key': key, 'allow-host': hosts }
    const alone = Object.entries(names).find(([, given]) => given !== undefined)
    if (listen === undefined && alone) throw new Error(`--${alone[0]}: belongs to --listen.`)
    if ((cert === undefined) !== (key === undefined))
      throw new Error('--tls-cert, --tls-key: give both, or none.')
    const tls = cert !== undefined && key !== undefined ? { cert, key } : null
    const network = listen === undefined ? null : { listen, tls, allowedHosts: hosts ?? [] }
    return { port: portOption(port), withApi: api, withoutKey, network, redis, data: dataOption(data) }
  },
  async run({ port, withApi, withoutKey, network: asked, redis, data }) {
    // What is only for some is loaded for them alone: it is a third of all there is to read.
    const farm = redis === null ? null : await openFarmOf(redis, data)
    const open = (options: StudioOptions) =>
      openSpokenStudio({ followFolders: true, ...(farm && { farm }), ...options })
    const loaded = asked && (await import('../studio/server/network/openNetwork.ts'))
    const network = loaded && (await loaded.openNetwork(asked, data, open))
    const studio = network?.shared ?? (await open({ dataFolder: data }))
    const closeStudios = network?.libraries.close ?? studio.close
    const programs = withApi && (await import('../studio/api/api.ts'))
    const api = programs && programs.createApi({ studio, dataFolder: data, withoutKey })
    const listening = network && { listening: network.listening }
    const server = await startServer({
      studio,
      port,
      ...listening,
      ...(api && { api }),
      ...(farm && { farm: farm.answer }),
    }).catch(async (error) => {
      await closeStudios()
      throw error
    })
    if (network) console.log(`Certificate's SHA-256 fingerprint: ${network.certificate.fingerprint}`)
    console.log(server.address)
    const end = async (): Promise<void> => {
      await closeAll([server.close, closeStudios, ...(farm ? [farm.close] : [])], longestClosingMs)
      // A read that hangs, on a dead network drive say, holds up the end of a process, process.exit() included.
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5000).unref()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
  },
})

/** Loads what a farm needs only where there is one. */
async function openFarmOf(redis: string, dataFolder: string): Promise<Farm> {
  const [{ openFarm }, { findApiKey }] = await Promise.all([
    import('../studio/farm/farm.ts'),
    import('../studio/api/apiKeys.ts'),
  ])
  const isKey = async (key: string): Promise<boolean> =>
    (await findApiKey(dataFolder, key))?.scopes.includes('work') ?? false
  return openFarm({ redis, dataFolder, isKey })
}

if (import.meta.main) await serve.start(process.argv.slice(2))
