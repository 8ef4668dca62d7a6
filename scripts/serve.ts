// npm run serve: builds the window where it is stale, then serves it (src/cli/serve.ts).
import { buildIfStale, builtEngine } from './build.ts'

buildIfStale()
// Heard when the studio's code is read.
Object.assign(process.env, builtEngine)
const { serve } = await import('../src/cli/serve.ts')
await serve.start(process.argv.slice(2))
