import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { convolutionBlock } from '../../src/engine/model/networks/convolutionBlock.ts'
import { graphOver } from '../../src/engine/model/networks/graphOver.ts'
import { cpuDialect, type PictureNetwork } from '../../src/engine/model/networks/networks.ts'
import { openDecoder } from '../../src/engine/model/networks/vaeNetworks.ts'
import { openModel, readModel } from '../../src/engine/model/openModel.ts'
import { openSessionOnThread } from '../../src/engine/model/runtime/threadedSession.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { writeRandomCheckpoint } from './randomCheckpoint.ts'
import { median, row, seconds } from './report.ts'

/**
 * Whether a picture decoded on a thread of its own, beside the evaluations of the next one, is sooner done than both one
 * after the other, as the engine does it. `--family starter` or `sd15` (full size, random weights), `--evaluations 40` a
 * picture, `--runs 5`. The share of the cores that is busy one after the other says what there is to gain.
 */
const { values: chosen } = parseArgs({
  args: process.argv.slice(3),
  options: {
    family: { type: 'string', default: 'starter' },
    evaluations: { type: 'string', default: '40' },
    runs: { type: 'string', default: '5' },
  },
})
const evaluations = Number(chosen.evaluations)
const side = chosen.family === 'starter' ? 32 : 64
const tokens = 77
const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i))

const folder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
try {
  await compare(await modelPath())
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function modelPath(): Promise<string> {
  if (chosen.family === 'starter')
    return fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
  const path = join(folder, 'random.safetensors')
  await writeRandomCheckpoint(path, 'sd15.json', (key) => !key.startsWith('cond_stage_model.'))
  return path
}

async function compare(path: string): Promise<void> {
  const model = await openModel(path, 'cpu')
  const unet = await model.openUnet({ height: side, width: side, contextTokens: tokens })
  const decoder = await decoderOnThread(path)
  const latents = numbers(model.latentChannels * side * side)
  const context = numbers(tokens * (model.textEncoders[0]?.width ?? 768))
  const decode = async (): Promise<void> => void (await decoder.run(latents))
  const draw = async (): Promise<void> => {
    for (let i = 0; i < evaluations; i++) await unet.run(latents, 500, context)
  }
  // The first of each takes memory.
  await decode()
  await unet.run(latents, 500, context)
  const runs = { apart: [] as Timed[], beside: [] as Timed[], decoding: [] as Timed[] }
  for (let run = 0; run < Number(chosen.runs); run++) {
    runs.decoding.push(await timed(decode))
    runs.apart.push(await timed(async () => (await decode(), await draw())))
    runs.beside.push(await timed(async () => void (await Promise.all([decode(), draw()]))))
  }
  tell(runs)
  await decoder.release()
  await model.release()
}

function tell(runs: Record<'apart' | 'beside' | 'decoding', Timed[]>): void {
  const middle = (of: keyof typeof runs): number => median(runs[of].map(({ ms }) => ms))
  const busy = median(runs.apart.map(({ ms, cpuMs }) => cpuMs / ms / cpus().length))
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`
  console.log(`${chosen.family}, ${evaluations} evaluations and a decoding, cpu, ${machine}`)
  row('one after the other', `${seconds(middle('apart'))}, of it decoding ${seconds(middle('decoding'))}`)
  row(
    'decoded beside',
    `${seconds(middle('beside'))}, ratio ${(middle('beside') / middle('apart')).toFixed(3)}`,
  )
  row('cores busy, one after the other', `${(100 * busy).toFixed(0)} %`)
  row('load of the machine, runnable threads', loadavg()[0].toFixed(1))
}

/** The decoder as the engine opens it, but on a thread. */
async function decoderOnThread(path: string): Promise<PictureNetwork> {
  const { config, tensors } = (await readModel(path)).parts!.vae!
  const blocks = await convolutionBlock()
  return openDecoder(
    config,
    { height: side, width: side },
    {
      formOf: 'cpu',
      open(write, frugal) {
        const graph = graphOver(tensors, { ...cpuDialect, blocks })
        write(graph)
        const options = {
          device: 'cpu',
          folder: graph.folder,
          frugal,
          tally: newTallies().vaeDecoder,
        } as const
        return openSessionOnThread(graph.encode(), options)
      },
    },
  )
}

interface Timed {
  ms: number
  cpuMs: number
}

async function timed(work: () => Promise<void>): Promise<Timed> {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { ms: performance.now() - began, cpuMs: (user + system) / 1000 }
}
