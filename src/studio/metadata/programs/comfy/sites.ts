import type { GenerationSource } from '../../../../shared/library/generation.ts'
import { isObject, parseObject, withoutZeroes, type JsonObject } from '../../tolerantJson.ts'
import { namedBySite, toNumber, toSeed, type GenerationDraft } from '../generationDraft.ts'

/** A site that runs ComfyUI and writes data of its own beside the graph. The graph is what ran, and goes before it. */
export interface Site {
  source: GenerationSource
  beforeGraph(draft: GenerationDraft): void
  afterGraph(draft: GenerationDraft): void
}

/** The site whose data is among a picture's texts; undefined for a picture of a ComfyUI at home. */
export function readSite(texts: ReadonlyMap<string, string>): Site | undefined {
  // Tensor.Art puts a zero character behind its JSON.
  const tensorArt = parseObject(withoutZeroes(texts.get('generation_data') ?? ''))
  if (tensorArt) return tensorArtSite(tensorArt)
  const civitai = parseObject(texts.get('extraMetadata'))
  return civitai && civitaiSite(civitai)
}

/** Tensor.Art's graph names models by numbers; its own data has their names and hashes. */
const tensorArtSite = ({ baseModel, models }: JsonObject): Site => ({
  source: 'Tensor.Art (ComfyUI)',
  beforeGraph: () => undefined,
  afterGraph(draft) {
    if (isObject(baseModel)) {
      const { modelFileName, label, hash } = baseModel
      draft.setModel(modelFileName ?? label, typeof hash === 'string' ? hash.toLowerCase() : undefined)
    }
    for (const model of Array.isArray(models) ? (models as unknown[]) : []) {
      if (isObject(model) && model.type !== 'BASE_MODEL')
        draft.leave(
          typeof model.type === 'string' ? model.type : 'model',
          [model.modelFileName ?? model.label, model.weight],
          namedBySite,
        )
    }
  },
})

/** Civitai's settings, which count where its graph does not say them. */
const civitaiSite = (metadata: JsonObject): Site => ({
  source: 'Civitai (ComfyUI)',
  beforeGraph(draft) {
    draft.set('prompt', metadata.prompt, 'prompt')
    draft.set('negativePrompt', metadata.negativePrompt, 'negativePrompt')
    draft.set('steps', toNumber(metadata.steps), 'steps')
    draft.set('guidanceScale', toNumber(metadata.cfgScale), 'cfgScale')
    draft.set('seed', toSeed(metadata.seed), 'seed')
  },
  afterGraph(draft) {
    const { resources } = metadata
    if (Array.isArray(resources) && resources.length > 1) draft.leave('resources', resources, namedBySite)
  },
})
