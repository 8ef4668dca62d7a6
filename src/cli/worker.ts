import { join } from 'node:path'
import { claimName } from '../studio/farm/worker/claimName.ts'
import { openFarmWorker } from '../studio/farm/worker/farmWorker.ts'
import { defaultDataFolder } from '../studio/paths.ts'
import { command } from './program/command.ts'
import { numberOption, text, texts } from './program/options.ts'
import { farmOptions, readFarmOptions } from './farmOptions.ts'

const usualLease = 30

export const worker = command({
  name: 'worker',
  summary: 'draws pictures for a studio that serves with --farm, on any machine',
  needs: '--studio URL --redis URL',
  options: {
    ...farmOptions,
    redis: text('URL', 'The Redis of the farm, as its studio has it: redis://HOST:PORT.'),
    name: text('NAME', 'How the studio calls this worker; its machine and a number where none is given.'),
    models: texts('FOLDER', 'Look here for models before fetching them; may be repeated.'),
    folder: text('FOLDER', 'Where files are kept that were fetched from the studio.'),
    lease: text(
      'SECONDS',
      `After this silence an image goes to another worker; ${usualLease} where nothing is said.`,
    ),
  },
  notes: [
    'Needs a key with the scope "work" of that studio. Models are found by their sha256 in the folders given, or fetched from the studio once.',
    'Ends on SIGTERM and SIGINT, and gives back the image that it is drawing.',
  ],
  examples: ['studio worker --studio http://127.0.0.1:4000 --redis redis://127.0.0.1:6379 --key ls-…'],
  read({ redis, name, models = [], folder, lease, ...others }) {
    if (redis === undefined) throw new Error('--redis: must be given.')
    const seconds = numberOption('lease', lease) ?? usualLease
    if (!(seconds >= 1 && seconds <= 3600))
      throw new Error(`--lease: must be from 1 to 3600, found "${lease}".`)
    return {
      ...readFarmOptions(others),
      ...{ redis, models, leaseMs: seconds * 1000 },
      name,
      folder: folder ?? join(defaultDataFolder(), 'farm'),
    }
  },
  async run(options) {
    const say = (message: string): void => console.log(message)
    const name = options.name ?? claimName(options.folder)
    const opened = await openFarmWorker({ ...options, name, say })
    say(`${name} draws for ${options.studio}.`)
    const { promise: told, resolve: end } = Promise.withResolvers<null>()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(null))
    const problem = await Promise.race([opened.ended, told])
    await opened.close()
    if (problem) throw problem
  },
})

if (import.meta.main) await worker.start(process.argv.slice(2))
