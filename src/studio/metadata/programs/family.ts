/**
 * Families of models that do not run here, and by what names of model files, text encoders and pipelines their
 * pictures are known. The first that fits is named, so that more particular names stand before wider ones.
 */
const families: readonly (readonly [family: string, names: RegExp])[] = [
  [
    'Stable Diffusion 3',
    /(^|[^a-z0-9])sd[ _.-]?3(?!\d{2})|stable[ _-]?diffusion[ _-]?(v|xl)?[ _-]?3(?!\d{2})/i,
  ],
  ['Qwen-Image', /qwen[ _-]?image(?![ _-]?vae)|qwen[ _-]?2(\.?5)?[ _-]?vl/i],
  ['Krea 2', /krea[ _-]?2|qwen3[ _-]?vl/i],
  ['Flux', /flux|schnell|kontext/i],
  ['Chroma', /chroma[ _-]?(1|hd|radiance|unlocked|v?\d\d)/i],
  ['Wan', /(^|[^a-z])wan[ _.-]?(\d|video|i2v|t2v|ti2v|vace|animate)/i],
  ['Hunyuan', /hunyuan/i],
  ['LTX-Video', /(^|[^a-z])ltx/i],
  ['Stable Video Diffusion', /(^|[^a-z])svd([^a-z]|$)|stable[ _-]?video/i],
  ['AnimateDiff', /animate[ _-]?diff|(^|[^a-z])mm[ _-]sd/i],
  ['CogVideo or CogView', /cog(video|view)/i],
  ['Mochi', /(^|[^a-z])mochi[ _-]?(1|preview)/i],
  ['HiDream', /hi[ _-]?dream/i],
  ['Lumina', /lumina[ _-]?(2|next|image)|neta[ _-]?lumina/i],
  ['AuraFlow', /aura[ _-]?flow|pony[ _-]?(diffusion[ _-]?)?v7/i],
  ['Anima or Cosmos', /(^|[^a-z])anima([^a-z]|$)|cosmos[ _-]?(predict|\d)/i],
  ['PixArt', /pix[ _-]?art/i],
  ['Kolors', /kolors/i],
  ['Kandinsky', /kandinsky/i],
  ['Stable Cascade', /stable[ _-]?cascade|w(ue|ü)rstchen/i],
  ['Sana', /(^|[^a-z])sana([ _-]?\d|sprint|pipeline|[ _-]pipe)/i],
  ['DeepFloyd IF', /deep[ _-]?floyd/i],
  ['OmniGen', /omnigen/i],
  ['Ovis', /ovis[ _-]?image/i],
  ['GLM-Image', /glm[ _-]?image/i],
  // Only a VAE tells, and several families share it.
  [
    'Flux or a later one',
    /^ae(\.(safetensors|sft|gguf))?$|qwen[ _-]?image[ _-]?vae|flux[ _-]?vae|wan[ _.\d-]*vae/i,
  ],
]

/** Words in a name that say its model is of a family that does run, whatever else the name says. */
const runs =
  /sd[ _-]?xl|(^|[^a-z])xl([^a-z]|$)|[a-wyz]xl([^a-z]|$)|pony(?!.*v7)|illustrious|noob|(^|[^a-z])sd[ _-]?(v?1|v?2)|sd15|z[ _-]?image|(^|[^a-z])klein([^a-z]|$)/i

const longestName = 300

/** Whether the name of a model says that it is of a family that runs here. */
export const runsByName = (model: string): boolean => runs.test(model)

/** The family of a model that does not run here, as far as its name, or those of its parts, tell of one. */
export function foreignFamily(model: string | undefined, parts: readonly string[]): string | undefined {
  if (model !== undefined && runsByName(model)) return undefined
  const names = [model ?? '', ...parts].filter((name) => name.length <= longestName && !runs.test(name))
  return families.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0]
}
