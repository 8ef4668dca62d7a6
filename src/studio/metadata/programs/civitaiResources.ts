import { isObject, parseList, type JsonObject } from '../tolerantJson.ts'
import { namedBySite, type GenerationDraft } from './generationDraft.ts'

/** The models that Civitai names in an infotext: [{ type, weight, modelName, modelVersionName, modelVersionId }]. */
function resourcesOf(settings: ReadonlyMap<string, string>): JsonObject[] {
  return (parseList(settings.get('civitai resources')) ?? []).filter(isObject)
}

function nameOf({ modelName, modelVersionName, air, modelVersionId }: JsonObject): string {
  const names = [modelName, modelVersionName].filter((name) => typeof name === 'string' && name !== '')
  if (names.length > 0) return names.join(' ')
  return typeof air === 'string' ? air : `Civitai model version ${String(modelVersionId)}`
}

/** The checkpoint among Civitai's resources, by its name on the site. */
export function modelOfCivitaiResources(settings: ReadonlyMap<string, string>): string | undefined {
  const checkpoint = resourcesOf(settings).find(({ type }) => type === 'checkpoint')
  return checkpoint && nameOf(checkpoint)
}

/** The names on the site of the resources of a type: lora, embedding… */
export const namesOfCivitaiResources = (settings: ReadonlyMap<string, string>, wanted: string): string[] =>
  resourcesOf(settings)
    .filter(({ type }) => type === wanted)
    .map(nameOf)

/** Says which LoRAs, embeddings and other models took part. */
export function leaveCivitaiResources(draft: GenerationDraft, settings: ReadonlyMap<string, string>): void {
  for (const resource of resourcesOf(settings)) {
    if (resource.type === 'checkpoint') continue
    const type =
      resource.type === 'lora' ? 'LoRA' : typeof resource.type === 'string' ? resource.type : 'resource'
    const weight = typeof resource.weight === 'number' ? ` (weight ${resource.weight})` : ''
    draft.leave(type, `${nameOf(resource)}${weight}`, namedBySite)
  }
}
