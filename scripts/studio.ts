// `studio COMMAND`: what a checkout has beside the commands of src/cli is found here.
import { buildIfStale } from './build.ts'

const ofCheckout = { bench: './bench.ts', golden: './golden.ts', start: './start.ts' }
const [name] = process.argv.slice(2)
if (name === 'serve') buildIfStale()
if (name !== undefined && Object.hasOwn(ofCheckout, name)) {
  process.argv.splice(2, 1)
  await import(ofCheckout[name as keyof typeof ofCheckout])
} else await import('../src/cli/studio.ts')
