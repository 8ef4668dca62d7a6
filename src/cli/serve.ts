import { parseArgs } from 'node:util'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import { defaultDataFolder } from '../studio/paths.ts'
import { startServer } from '../studio/server.ts'
import { openStudio } from '../studio/studio.ts'

/** `npm run serve -- [--port N] [--data FOLDER]`: the studio for a browser; prints its address when it is ready. */
async function serve(): Promise<void> {
  const { port, data } = readArguments()
  const studio = await openStudio({ dataFolder: data })
  const server = await startServer({ studio, port })
  console.log(server.address)
  const end = async (): Promise<void> => {
    await server.close()
    await studio.close()
    process.exit()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
}

function readArguments(): { port: number; data: string } {
  try {
    const options = { port: { type: 'string', default: '0' }, data: { type: 'string' } } as const
    const { values } = parseArgs({ options })
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port: must be 0 to 65535, found ${values.port}`)
    return { port, data: values.data ?? defaultDataFolder() }
  } catch (error) {
    throw new StudioError('bad-request', (error as Error).message)
  }
}

serve().catch((error) => {
  const { code, message } = toErrorRecord(error)
  console.error(`error ${code}: ${message}`)
  process.exit(code === 'bad-request' ? 2 : 1)
})
