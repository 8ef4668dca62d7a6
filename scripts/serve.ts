// npm run serve: builds the window where it is stale, then serves it (src/cli/serve.ts).
import { buildIfStale } from './build.ts'

buildIfStale()
await import('../src/cli/serve.ts')
