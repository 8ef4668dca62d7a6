// npm run serve: builds the studio where it is stale, then serves it (src/cli/serve.ts).
import { pathToFileURL } from 'node:url'
import type { serve as Serve } from '../src/cli/serve.ts'
import { buildIfStale, builtServer } from './build.ts'

buildIfStale()
const { serve } = (await import(pathToFileURL(builtServer).href)) as { serve: typeof Serve }
await serve.start(process.argv.slice(2))
