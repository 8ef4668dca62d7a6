// npm run serve: builds the window where it is stale, then serves it (src/cli/serve.ts).
import { serve } from '../src/cli/serve.ts'
import { buildIfStale } from './build.ts'

buildIfStale()
await serve.start(process.argv.slice(2))
