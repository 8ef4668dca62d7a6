import { isObject, parseObject, type JsonObject } from './tolerantJson.ts'

/** Keywords under which JSON stands that holds other texts. */
const packed = ['parameters', 'Comment', 'Description']

/**
 * Texts that programs packed together as one JSON object, each under its own keyword: NovelAI's in a user comment or
 * in pixels, and ComfyUI's graphs, alone or as `prompt` and `workflow`. What they stood under is then gone.
 */
export function unpackTexts(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const keyword of packed) {
    const text = texts.get(keyword)
    const json = text?.trimStart().startsWith('{') ? parseObject(text) : undefined
    const inside = json && textsInside(json, text!)
    if (!inside) continue
    const others = [...texts].filter(([key]) => key !== keyword)
    return new Map([
      ...others,
      ...[...inside].filter(([key]) => key === 'Software' || !others.some(([other]) => other === key)),
    ])
  }
  return texts
}

function textsInside(json: JsonObject, text: string): Map<string, string> | undefined {
  if (isGraph(json)) return new Map([...strings(json, ['extraMetadata']), ['prompt', text]])
  const graph = typeof json.prompt === 'string' ? parseObject(json.prompt) : json.prompt
  const holdsGraph = isObject(graph) && isGraph(graph)
  const isDrawn = isObject(json.workflow) && Array.isArray(json.workflow.nodes)
  if (holdsGraph || isDrawn) return strings(json, Object.keys(json))
  return typeof json.Comment === 'string' && json.Software !== undefined
    ? strings(json, Object.keys(json))
    : undefined
}

/** Whether an object is a ComfyUI graph: some of its values are nodes. */
const isGraph = (json: JsonObject): boolean =>
  Object.values(json).some((node) => isObject(node) && typeof node.class_type === 'string')

const strings = (json: JsonObject, keys: readonly string[]): Map<string, string> =>
  new Map(
    keys
      .filter((key) => json[key] !== undefined && json[key] !== null)
      .map((key) => [key, typeof json[key] === 'string' ? json[key] : JSON.stringify(json[key])]),
  )
