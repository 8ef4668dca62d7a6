import { basename } from 'node:path'
import { ditKinds } from '../../src/engine/model/dit/ditKinds.ts'
import { checkpointForm, placeVaeKey, type Placement } from '../../src/engine/model/keys/checkpointKeys.ts'
import { qwen3Key } from '../../src/engine/model/keys/ditKeys.ts'
import { identify } from '../../src/engine/model/sources/identify.ts'
import { headerKind, type CaseResult, type GoldenKind } from './kind.ts'
import { expectedPlaces, spell, type Mapping, type Tensors } from './keys.ts'

/** Key lists of the newer families: every tensor of a single file must land where diffusers puts it, under every prefix. */
export const ditKeyLists: GoldenKind = {
  recognises: (file) => /^checkpoint key lists: (qwen3|zimage|vae_flux|flux2)/.test(headerKind(file)),
  *run({ path, json }) {
    const name = basename(path, '.json')
    if (json.gguf_names) yield textNames(name, json as TextList)
    else yield* placedKeys(name, json as PlacedList)
  },
}

interface TextList {
  gguf_names: Record<string, string>
  diffusers: { text_encoder: { tensors: Tensors } }
}

interface PlacedList {
  single_file: {
    tensors: Tensors
    key_prefixes_seen: string[]
    optional_tensors: Tensors
    unused_by_diffusers: string[]
  }
  mapping: Record<string, Mapping>
}

function* placedKeys(name: string, { single_file: file, mapping }: PlacedList): Generator<CaseResult> {
  const tensors = { ...file.tensors, ...file.optional_tensors }
  const [[part, names]] = Object.entries(mapping)
  for (const prefix of file.key_prefixes_seen) {
    const place = placing(part, tensors, prefix)
    const wrong = Object.entries(tensors).flatMap(([key, [shape]]) => {
      const found = place(prefix + key, shape)
        .map(spell)
        .sort()
        .join('; ')
      const isUnused = file.unused_by_diffusers.includes(key)
      const expected = isUnused ? '' : expectedPlaces(part, names[key]).sort().join('; ')
      return found === expected ? [] : [`${key}: ${found || 'nowhere'}, not ${expected || 'nowhere'}`]
    })
    yield exact(`keys ${name} with "${prefix}"`, wrong)
  }
}

function placing(
  part: string,
  tensors: Tensors,
  prefix: string,
): (key: string, shape: readonly number[]) => Placement[] {
  const keys = Object.keys(tensors).map((key) => prefix + key)
  if (part === 'vae') {
    const form = checkpointForm(keys, false)
    return (key, shape) => placeVaeKey(key, shape, form)
  }
  const entries = keys.map((key) => [key, { dtype: 'F32', shape: [], offset: 0, length: 0, key }] as const)
  const { family } = identify({ tensors: new Map(entries), metadata: {} })
  return ditKinds.find((kind) => kind.family.name === family)!.place
}

function textNames(name: string, { gguf_names: names, diffusers }: TextList): CaseResult {
  const whole = Object.keys(diffusers.text_encoder.tensors)
  const asked = [
    ...Object.entries(names),
    ...whole.map((key) => [key, key]),
    ...whole.map((key) => [key.replace(/^model\./, ''), key]),
  ]
  const wrong = asked.flatMap(([key, expected]) =>
    qwen3Key(key) === expected ? [] : [`${key}: ${qwen3Key(key)}, not ${expected}`],
  )
  return exact(`keys ${name}`, wrong)
}

const exact = (name: string, wrong: readonly string[]): CaseResult => ({
  ...{ name, kind: 'keys', pass: wrong.length === 0, maxAbs: wrong.length, maxRel: 0 },
  ...{ tolerance: 'exact', note: wrong.slice(0, 3).join('; ') },
})
