import type { HeaderTexts } from '../../../shared/engine/examination.ts'

/** Texts that a header holds beside the tensors. Long ones are cut: some programs keep whole data sets in there. */
const longestText = 10_000
const mostWords = 40

/**
 * What the author of a file left in its header, in the keys of ModelSpec 1.0.1
 * (https://github.com/Stability-AI/ModelSpec) and of kohya's sd-scripts (`ss_`).
 */
export function headerTexts(metadata: Readonly<Record<string, string>>): HeaderTexts {
  const said = (...keys: string[]): string | null => {
    const text = keys.map((key) => metadata[key]?.trim()).find((value) => value && value !== 'None')
    return text?.slice(0, longestText) ?? null
  }
  return {
    title: said('modelspec.title', 'ss_output_name'),
    alias: said('ss_output_name'),
    description: said('modelspec.description'),
    author: said('modelspec.author'),
    license: said('modelspec.license'),
    usageHint: said('modelspec.usage_hint'),
    baseModel: said('ss_sd_model_name', 'ss_base_model_version', 'modelspec.architecture'),
    resolution: said('modelspec.resolution', 'ss_resolution'),
    triggerWords: words(said('modelspec.trigger_phrase', 'ss_trigger_words', 'trigger_words')),
    tags: frequentTags(metadata['ss_tag_frequency']),
    hasThumbnail: thumbnailIn(metadata) !== null,
  }
}

/** The words of a phrase, which some programs write as a JSON list. */
function words(phrase: string | null): string[] {
  if (phrase === null) return []
  const parsed = phrase.startsWith('[') ? parseJson(phrase) : null
  const parts = Array.isArray(parsed) ? parsed.map(String) : phrase.split(',')
  return [...new Set(parts.map((part) => part.trim()).filter(Boolean))].slice(0, mostWords)
}

/** The commonest captions of the training pictures over all their folders: `{ folder: { tag: count } }`. */
function frequentTags(text: string | undefined): string[] {
  const folders = text === undefined ? null : parseJson(text)
  const counts = new Map<string, number>()
  for (const tags of Object.values(folders ?? {}))
    for (const [tag, count] of Object.entries((tags ?? {}) as object))
      if (typeof count === 'number') counts.set(tag.trim(), (counts.get(tag.trim()) ?? 0) + count)
  const inOrder = [...counts].sort(([, one], [, other]) => other - one)
  return inOrder.slice(0, mostWords).map(([tag]) => tag)
}

function parseJson(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' ? parsed : null
  } catch {
    return null
  }
}

/** 2 MiB as base64: far above what programs write. */
const longestThumbnail = 2 ** 21

/** The picture in a header as a data URL; null where there is none. */
export function thumbnailIn(metadata: Readonly<Record<string, string>>): string | null {
  const text = metadata['modelspec.thumbnail']
  const isPicture =
    text && text.length < longestThumbnail && /^data:image\/(jpeg|png|webp|gif);base64,/.test(text)
  return isPicture ? text : null
}
