import { closeAll } from '../studio/closing.ts'
import { startServer } from '../studio/server/server.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { dataOption, onlyOptions, portOption, readArguments, runCommand } from './command.ts'

const longestClosingMs = 20_000
const usage = 'npm run serve -- [--port N] [--data FOLDER]'

/** Serves the studio to a browser of this machine; prints its address when it is ready. */
async function serve(): Promise<void> {
  const { port, data } = readArguments(usage, () => {
    const values = onlyOptions({ port: 'text', data: 'text' })
    return { port: portOption(values.port), data: dataOption(values.data) }
  })
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
}

await runCommand(serve)
