import { cp, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLength } from './safetensorsFile.ts'

/** Tiny models of both families that are drawn by transformers, as diffusers keeps them and as single files. */
export const golden = fileURLToPath(new URL('../../golden/dit', import.meta.url))

export async function copyGolden(from: string, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true })
  await cp(join(golden, from), to, { recursive: true })
  return to
}

/**
 * A family's transformer file in ComfyUI's folders below `models`, with everything beside it; shapes do not tell the groups of
 * so small an autoencoder. Answers its path.
 */
export async function asComfyKeeps(models: string, family: string, file: string): Promise<string> {
  await copyGolden(
    `${family}/text_encoder/model.safetensors`,
    join(models, 'text_encoders', 'qwen.safetensors'),
  )
  await copyGolden(`${family}/tokenizer/tokenizer.json`, join(models, 'text_encoders', 'tokenizer.json'))
  await copyGolden(`single_files/${family}_vae.safetensors`, join(models, 'vae', 'vae.safetensors'))
  const path = await copyGolden(`single_files/${file}`, join(models, 'diffusion_models', file))
  await writeVaeConfig(path, family)
  return path
}

/** What shapes do not tell, in the studio file of a model. */
export async function writeVaeConfig(path: string, family: string): Promise<void> {
  const vae = JSON.parse(await readFile(join(golden, family, 'vae/config.json'), 'utf8')) as object
  await writeFile(path.replace(/\.\w+$/, '.studio.json'), JSON.stringify({ configs: { vae } }))
}

export type Shapes = Record<string, [shape: number[], dtype: string]>

/** Writes a safetensors file of published shapes whose numbers are a hole in the file: it takes no room. Answers its path. */
export async function writeHeaderOnly(path: string, tensors: Shapes): Promise<string> {
  const header: Record<string, unknown> = {}
  let end = 0
  for (const [key, [shape, dtype]] of Object.entries(tensors)) {
    const begin = end
    end += shape.reduce((product, size) => product * size, dtype === 'F32' ? 4 : dtype === 'I64' ? 8 : 2)
    header[key] = { dtype, shape, data_offsets: [begin, end] }
  }
  const bytes = withLength(JSON.stringify(header))
  await writeFile(path, bytes)
  await truncate(path, bytes.length + end)
  return path
}
