/** Files that other programs put beside a model: what they know of it, and pictures made with it. */

/** Texts: Civitai Helper's, StabilityMatrix', Civicomfy's, LoRA Manager's, SwarmUI's, AUTOMATIC1111's, by hand. */
export const textEndings = [
  '.civitai.info',
  '.cm-info.json',
  '.cminfo.json',
  '.metadata.json',
  '.swarm.json',
  '.json',
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
