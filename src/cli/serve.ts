import { closeAll } from '../studio/closing.ts'
import { isApiKey } from '../studio/api/apiKeys.ts'
import { createOpenAi } from '../studio/api/openai/openai.ts'
import { signPictures } from '../studio/api/signedPictures.ts'
import { startServer } from '../studio/server/server.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, flag, portOption, text } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

const longestClosingMs = 20_000

export const serve = command({
  name: 'serve',
  summary: 'serves the studio to a browser of this machine',
  options: {
    port: text('N', 'Port; any that is free where none is given.'),
    api: flag('Answer programs that speak OpenAI\u2019s Images API, below /v1/.'),
    data: dataFolder,
  },
  notes: [
    'Prints its address when it is ready. Only programs of this machine reach it. With --api those come in that show a key, which "studio keys --add NAME" makes.',
  ],
  examples: ['studio keys --add "Open WebUI"', 'studio serve --port 4000 --api'],
  read: ({ port, api = false, data }) => ({ port: portOption(port), withApi: api, data: dataOption(data) }),
  async run({ port, withApi, data }) {
    const studio = await openSpokenStudio({ dataFolder: data, followFolders: true })
    const api = (origin: string) =>
      createOpenAi({ studio, isKey: (key) => isApiKey(data, key), pictures: signPictures(origin) })
    const server = await startServer({ studio, port, ...(withApi && { api }) }).catch(async (error) => {
      await studio.close()
      throw error
    })
    console.log(server.address)
    const end = async (): Promise<void> => {
      await closeAll([server.close, studio.close], longestClosingMs)
      // A read that hangs, on a dead network drive say, holds up the end of a process, process.exit() included.
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5000).unref()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
  },
})

if (import.meta.main) await serve.start(process.argv.slice(2))
