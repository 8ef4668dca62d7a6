import { onTestFinished } from 'vitest'
import { createApi } from '../../../src/studio/api/api.ts'
import { addApiKey } from '../../../src/studio/api/apiKeys.ts'
import { startServer } from '../../../src/studio/server/server.ts'
import { gradientEngine, openTestStudio, temporaryFolder } from '../fixtures/testStudio.ts'

/** A studio with a stand-in engine or another, served to other programs by a real server, and a key that draws and looks. */
export async function openApi({
  withoutKey = false,
  enginePath = gradientEngine,
}: { withoutKey?: boolean; enginePath?: string } = {}) {
  const dataFolder = temporaryFolder()
  const studio = await openTestStudio(dataFolder, { enginePath })
  const api = createApi({ studio, dataFolder, withoutKey })
  const server = await startServer({ studio, renderer: dataFolder, api })
  onTestFinished(() => server.close())
  const { origin } = new URL(server.address)
  return { studio, dataFolder, origin, key: await addApiKey(dataFolder, 'a test') }
}
