import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openModel } from '../../src/engine/model/openModel.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Device } from '../../src/shared/request/request.ts'
import { compareTenPictures } from './tenPictures.ts'

/** How near the starter's pictures on a device come to those of the CPU: `--device`, `--steps N`. */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: { device: { type: 'string', default: 'webgpu' }, steps: { type: 'string' } },
})
const path = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
const onCpu = await openModel(path, 'cpu')
const onDevice = await openModel(path, chosen.device as Device)
console.log(`starter, ${chosen.device} against the CPU, ten prompts`)
const steps = chosen.steps === undefined ? undefined : Number(chosen.steps)
await compareTenPictures(onCpu, onDevice, await openTokenizers(onCpu), steps)
await onCpu.release()
await onDevice.release()
