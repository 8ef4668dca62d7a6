import { basename } from 'node:path'
import {
  checkpointForm,
  modernKey,
  placeCheckpointKey,
  placeTinyVaeKey,
  placeVaeKey,
  type Placement,
} from '../../src/engine/model/keys/checkpointKeys.ts'
import { identify } from '../../src/engine/model/sources/identify.ts'
import { headerKind, type GoldenKind } from './kind.ts'

/** Complete key lists of published checkpoints: every tensor must land where diffusers puts it; one case a list. */
export const keyLists: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('checkpoint key lists'),
  *run({ path, json }) {
    for (const { name, wrong } of keyCases(basename(path, '.json'), json as KeyList)) {
      const note = wrong.slice(0, 3).join('; ')
      const maxAbs = wrong.length
      yield {
        name: `keys ${name}`,
        kind: 'keys',
        pass: maxAbs === 0,
        maxAbs,
        maxRel: 0,
        tolerance: 'exact',
        note,
      }
    }
  },
}

export type Tensors = Record<string, [shape: number[], dtype: string]>
/** key → [name], [name, op] or a list of those. */
export type Mapping = Record<string, string[] | string[][]>

interface KeyList {
  layouts?: Record<string, { tensors: Tensors }>
  diffusers?: Record<string, { tensors: Tensors }>
  diffusers_old?: { tensors: Tensors; to_new: Record<string, string> }
  single_file?: { tensors: Tensors; optional_groups: Record<string, { tensors: Tensors }> }
  mapping?: Record<string, Mapping>
  original?: Record<string, Tensors>
}

/** `wrong`: keys that landed elsewhere than they should, with both places. */
function* keyCases(name: string, list: KeyList): Generator<{ name: string; wrong: string[] }> {
  if (list.layouts) {
    for (const [layout, { tensors }] of Object.entries(list.layouts))
      yield { name: `${name} ${layout} is known as an upscaler`, wrong: compareUpscaler(tensors) }
  }
  if (list.diffusers_old)
    yield { name: `${name} old diffusers naming`, wrong: compareOldNames(list.diffusers_old) }
  for (const [side, tensors] of Object.entries(list.original ?? {})) {
    const mapping = list.mapping?.[side]
    if (mapping) yield { name: `${name} ${side}`, wrong: compareTiny(side, tensors, mapping) }
  }
  if (!list.single_file || !list.mapping) return
  const { tensors, optional_groups: groups } = list.single_file
  const everything = Object.assign(
    {},
    tensors,
    ...Object.values(groups).map((group) => group.tensors),
  ) as Tensors
  const bare = Object.fromEntries(Object.entries(tensors).filter(([key]) => !isOptional(key, groups)))
  yield { name: `${name} with optional groups`, wrong: compare(everything, list.mapping) }
  yield { name: `${name} without optional groups`, wrong: compare(bare, list.mapping) }
}

function compareUpscaler(tensors: Tensors): string[] {
  const entries = Object.entries(tensors).map(
    ([key, [shape]]) => [key, { dtype: 'F32', shape, offset: 0, length: 0, key }] as const,
  )
  const { kind } = identify({ tensors: new Map(entries), metadata: {} })
  return kind === 'upscaler' ? [] : [kind]
}

const isOptional = (key: string, groups: Record<string, { tensors: Tensors }>): boolean =>
  Object.values(groups).some((group) => key in group.tensors)

const compareOldNames = ({ tensors, to_new: renamed }: NonNullable<KeyList['diffusers_old']>): string[] =>
  Object.keys(tensors).flatMap((key) => {
    const [found, expected] = [modernKey(key), renamed[key] ?? key]
    return found === expected ? [] : [`${key}: ${found}, not ${expected}`]
  })

function compare(tensors: Tensors, mapping: Record<string, Mapping>): string[] {
  const isStableDiffusion2 = Object.keys(tensors).some((key) => key.startsWith('cond_stage_model.model.'))
  const form = checkpointForm(Object.keys(tensors), isStableDiffusion2)
  const isCheckpoint = Object.keys(tensors).some((key) => key.startsWith('model.diffusion_model.'))
  const place = isCheckpoint ? placeCheckpointKey : placeVaeKey
  return Object.entries(tensors).flatMap(([key, [shape]]) => {
    const found = place(key, shape, form).map(spell).sort().join('; ')
    const expected = Object.entries(mapping)
      .flatMap(([part, names]) => expectedPlaces(part, names[key]))
      .sort()
      .join('; ')
    return found === expected ? [] : [`${key}: ${found || 'nowhere'}, not ${expected || 'nowhere'}`]
  })
}

/** TAESD's halves lie in files of their own. */
function compareTiny(name: string, tensors: Tensors, mapping: Mapping): string[] {
  const side = name.endsWith('encoder') ? 'encoder' : 'decoder'
  return Object.keys(tensors).flatMap((key) => {
    const found = placeTinyVaeKey(key, side).map(spell).join('; ')
    const expected = expectedPlaces('vae', mapping[key]).join('; ')
    return found === expected ? [] : [`${key}: ${found || 'nowhere'}, not ${expected || 'nowhere'}`]
  })
}

export function expectedPlaces(part: string, entry: string[] | string[][] | undefined): string[] {
  if (!entry) return []
  const places = Array.isArray(entry[0]) ? (entry as string[][]) : [entry as string[]]
  return places.map((words) => [part, ...words].join(' '))
}

export function spell({ part, key, rows, transpose, squeeze, swap }: Placement): string {
  const op = rows
    ? [`rows ${rows[0]}:${rows[1]}`]
    : transpose
      ? ['transpose']
      : squeeze
        ? ['squeeze_1x1']
        : swap
          ? ['swap_halves']
          : []
  return [part, key, ...op].join(' ')
}
