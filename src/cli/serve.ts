import { closeAll } from '../studio/closing.ts'
import { startServer } from '../studio/server/server.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, portOption, text } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

const longestClosingMs = 20_000

export const serve = command({
  name: 'serve',
  summary: 'serves the studio to a browser of this machine',
  options: { port: text('N', 'Port; any that is free where none is given.'), data: dataFolder },
  notes: ['Prints its address when it is ready.'],
  read: ({ port, data }) => ({ port: portOption(port), data: dataOption(data) }),
  async run({ port, data }) {
    const studio = await openSpokenStudio({ dataFolder: data, followFolders: true })
    const server = await startServer({ studio, port }).catch(async (error) => {
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
