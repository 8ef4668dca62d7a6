import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endingOf, writeRandomWeights, type Shapes, type StoredForm } from './randomWeights.ts'

/** The published lists of names and shapes, by the family; the tokenizer is that of a small stand-in. */
export const ditLists = {
  zimage: { transformer: 'zimage_turbo_transformer', vae: 'vae_flux1', tokenizer: 'zimage' },
  klein: { transformer: 'flux2_klein_4b_transformer', vae: 'vae_flux2', tokenizer: 'flux2klein' },
} as const
export type DitName = keyof typeof ditLists

const golden = new URL('../../tests/golden/dit/', import.meta.url)

/** Writes a full-size model of random weights below `folder`, as ComfyUI keeps one; answers its transformer's path. See `writeRandomWeights` for `how`. */
export async function writeRandomDit(
  folder: string,
  name: DitName,
  form: StoredForm,
  how: { hollow?: boolean } = {},
): Promise<string> {
  const { transformer, vae, tokenizer } = ditLists[name]
  const [models, texts, vaes] = ['diffusion_models', 'text_encoders', 'vae'].map((one) => join(folder, one))
  for (const one of [models, texts, vaes]) await mkdir(one, { recursive: true })
  const path = join(models, `${name}-${form}${endingOf(form)}`)
  await writeRandomWeights(path, await shapesOf(transformer, 'single_file'), form, how)
  const text = await shapesOf('qwen3_4b_text_encoder', 'diffusers')
  await writeRandomWeights(join(texts, `qwen3_4b-${form}${endingOf(form)}`), text, form, how)
  await writeRandomWeights(join(vaes, `${vae}.safetensors`), await shapesOf(vae, 'single_file'), 'F16', how)
  const tokens = fileURLToPath(new URL(`${tokenizer}/tokenizer/tokenizer.json`, golden))
  await cp(tokens, join(texts, 'tokenizer.json'))
  return path
}

async function shapesOf(list: string, layout: 'single_file' | 'diffusers'): Promise<Shapes> {
  interface Listed {
    single_file: { tensors: Shapes }
    diffusers: Record<string, { tensors: Shapes }>
  }
  const found = JSON.parse(await readFile(new URL(`keys/${list}.json`, golden), 'utf8')) as Listed
  return layout === 'single_file' ? found.single_file.tensors : Object.values(found.diffusers)[0].tensors
}
