/**
 * Files that other programs put beside a model: what they know of it, and pictures made with it. What belongs to a folder in
 * the layout of diffusers lies inside and is called "preview".
 */

/**
 * Texts, those that a person wrote first: AUTOMATIC1111's, LoRA Manager's, SwarmUI's, StabilityMatrix', Civicomfy's,
 * Civitai Helper's, and descriptions by hand.
 */
export const textEndings = [
  '.json',
  '.metadata.json',
  '.swarm.json',
  '.cm-info.json',
  '.cminfo.json',
  '.civitai.info',
  '.txt',
] as const

/** Pictures, the first that is there counts. SVG is left out: it may hold scripts. */
export const pictureEndings = ['.preview', '.thumb', '.swarm', ''].flatMap((before) =>
  ['png', 'jpg', 'jpeg', 'webp', 'gif', 'avif'].map((format) => `${before}.${format}`),
)

const endings = [...textEndings, ...pictureEndings].toSorted((one, other) => other.length - one.length)

/** A model file's name without its ending. */
export const stemOf = (name: string): string =>
  name.replace(/\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx)$/i, '')

/** The stem of a folder's own companions. */
export const ofFolder = 'preview'

/** The companions among the files of one folder, by the stem of the model they belong to. */
export function companionsByStem(names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const name of names) {
    const ending = endings.find((end) => name.toLowerCase().endsWith(end))
    if (ending === undefined || name.length === ending.length) continue
    const stem = stemOf(name.slice(0, -ending.length))
    found.set(stem, [...(found.get(stem) ?? []), name])
  }
  return found
}
