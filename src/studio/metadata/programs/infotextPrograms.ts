import type { GenerationSource } from '../../../shared/library/generation.ts'
import type { SeedConvention } from '../../../shared/request/request.ts'

/** A program that writes AUTOMATIC1111's format. */
export interface InfotextProgram {
  source: GenerationSource
  /** Whose noise a seed makes there, where the text names no other. */
  noise: SeedConvention
}

interface Row extends InfotextProgram {
  /** What stands under "Version". */
  version?: RegExp
  /** A key that no other program writes, and its value. */
  key?: readonly [name: string, value: RegExp]
  /** A further text that no other program puts beside this one. */
  keyword?: string
}

/** In the order in which they are tried; what fits none is AUTOMATIC1111's. */
const rows: readonly Row[] = [
  { source: 'Latent Studio', noise: 'AUTOMATIC1111 GPU', version: /^Latent Studio/ },
  // Fooocus, Stability Matrix and Civitai run ComfyUI's sampling.
  { source: 'FooocusPlus', noise: 'ComfyUI', version: /^FooocusPlus/i },
  { source: 'RuinedFooocus', noise: 'ComfyUI', version: /^RuinedFooocus/i },
  { source: 'Fooocus', noise: 'ComfyUI', version: /^Fooocus/i },
  { source: 'Fooocus', noise: 'ComfyUI', keyword: 'fooocus_scheme' },
  { source: 'StabilityMatrix', noise: 'ComfyUI', keyword: 'parameters-json' },
  { source: 'StabilityMatrix', noise: 'ComfyUI', keyword: 'smproj' },
  { source: 'StabilityMatrix', noise: 'ComfyUI', version: /^Stability ?Matrix/i },
  { source: 'ComfyUI', noise: 'ComfyUI', version: /^ComfyUI/i },
  // SD.Next draws with diffusers, but on the graphics card: the numbers are those of AUTOMATIC1111's default.
  { source: 'SD.Next', noise: 'AUTOMATIC1111 GPU', key: ['app', /^SD\.?Next/i] },
  { source: 'Forge Neo', noise: 'AUTOMATIC1111 GPU', version: /^neo/i },
  { source: 'Forge Classic', noise: 'AUTOMATIC1111 GPU', version: /^classic/i },
  { source: 'reForge', noise: 'AUTOMATIC1111 GPU', version: /^f\d[\w.]*-v\d/ },
  { source: 'Forge', noise: 'AUTOMATIC1111 GPU', version: /^f\d/ },
  { source: 'AUTOMATIC1111', noise: 'AUTOMATIC1111 GPU', version: /./ },
  // Without a version, samplers under ComfyUI's ids tell of its nodes that save pictures. "k_" is of early web UIs.
  { source: 'ComfyUI', noise: 'ComfyUI', key: ['sampler', /^(?!k_|plms$|ddim$)[a-z\d]+(_[a-z\d]+)*$/] },
  // So do models with the ending of their file.
  { source: 'ComfyUI', noise: 'ComfyUI', key: ['model', /\.(safetensors|sft|ckpt|gguf)$/i] },
  { source: 'Civitai (AUTOMATIC1111 format)', noise: 'ComfyUI', key: ['civitai resources', /^\[/] },
]

const otherwise: InfotextProgram = { source: 'AUTOMATIC1111', noise: 'AUTOMATIC1111 GPU' }

/** The program that wrote an infotext, by its settings (keys in lower case) and the texts beside it. */
export function infotextProgram(
  settings: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): InfotextProgram {
  const version = settings.get('version')
  const row = rows.find(({ version: pattern, key, keyword }) => {
    if (pattern) return version !== undefined && pattern.test(version)
    if (key) return key[1].test(settings.get(key[0]) ?? '')
    return keyword !== undefined && texts.has(keyword)
  })
  return row ?? otherwise
}
