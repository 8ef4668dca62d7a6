import { StudioError } from '../../shared/errors.ts'
import { kindNames, type FileKind } from '../../shared/models/ownedFile.ts'
import { badWeightAmong } from '../model/files/badWeights.ts'
import { identify } from '../model/sources/identify.ts'
import { readSafetensors, type Safetensors, type TensorEntry } from '../model/files/safetensors.ts'
import { readNumbers } from '../model/files/tensorNumbers.ts'
import { joinTensors, requireReadable, type Tensors } from '../model/files/weights.ts'
import type { Weight } from '../graph/weights/weight.ts'
import { adapterKey, type AdapterNetwork, type Role } from './adapterKeys.ts'
import { fewStepOf } from './fewStepFile.ts'
import { peftScaling, type Scaling } from './peftScaling.ts'

/** An adapter as it lies in its file: what belongs to which layer, not yet held against a model. */
export interface AdapterFile {
  path: string
  /** Of the models it is made for, as far as the file tells. */
  family: string | null
  modules: readonly StoredModule[]
  /** Names of tensors that no adapter has. */
  strangers: readonly string[]
  /** Factors that PEFT keeps beside the tensors. */
  scaling: Scaling | null
  /** Made for a few steps, where it is used at one strength. */
  isFewStep: boolean
}

export interface StoredModule {
  network: AdapterNetwork
  /** The layer with underscores in place of dots. */
  name: string
  /** As the file calls its first tensor. */
  key: string
  weights: Readonly<Partial<Record<Role, Weight>>>
  /** null where the file has none. */
  alpha: number | null
  /** (IA)³ says whether its factors are for what goes into the layer; null for all other forms. */
  onInput: boolean | null
}

/**
 * Reads an adapter and looks through all of its numbers. Throws `not-found`, `pickle-refused`, `bad-checkpoint` for
 * what is broken, `unsupported-model` for kinds that are not computed, `does-not-fit` for what is no adapter.
 */
export async function readAdapterFile(path: string): Promise<AdapterFile> {
  const { tensors, ...adapter } = await readAdapterHeader(path)
  const bad = await badWeightAmong(tensors)
  if (bad)
    throw new StudioError(
      'bad-checkpoint',
      `${path} cannot be used: ${bad.count} of the numbers in its tensor "${bad.name}" are no numbers (NaN or infinite). Download it again, or take another version of it.`,
    )
  return adapter
}

/** The same as far as the header tells it: its numbers may be none. */
export async function readAdapterHeader(path: string): Promise<AdapterFile & { tensors: Tensors }> {
  const file = await readSafetensors(path)
  const { kind, family } = identify(file)
  refuseOtherForms(path, file)
  const tensors = joinTensors([file])
  requireReadable(tensors)
  const { modules, strangers } = await sortModules(file, tensors)
  if (modules.length === 0)
    throw new StudioError('does-not-fit', `${path} ${noAdapter(kind, [...file.tensors.keys()])}`)
  const scaling = peftScaling(file.metadata)
  const isFewStep = fewStepOf(path, file) !== null
  return { path, family, modules, strangers, scaling, isFewStep, tensors }
}

const noAdapter = (kind: FileKind, [first]: readonly string[]): string =>
  kind === 'lora'
    ? `fits no model: none of its tensors is named after a layer of a model that is opened here (the first is "${first}"). Choose an adapter for Stable Diffusion 1, 2 or XL, Z-Image or FLUX.2-klein.`
    : `is ${kindNames[kind]}, not a LoRA or another adapter: none of its tensors is named as an adapter's.`

/** Relatives of LoRA that change weights in ways of their own. */
const otherForms: readonly [RegExp, string][] = [
  [/\.oft_(blocks|diag)$/, 'OFT or BOFT'],
  [/\.(a1|a2|b1|b2)\.weight$/, 'GLoRA'],
  [/\.lora_(down|up)\.\d+\./, 'split LoRA'],
]

function refuseOtherForms(path: string, { tensors }: Safetensors): void {
  for (const key of tensors.keys()) {
    const form = otherForms.find(([pattern]) => pattern.test(key))?.[1]
    if (form)
      throw new StudioError(
        'unsupported-model',
        `${path} is an adapter of the form ${form} (it has a tensor "${key}"), which this version does not compute. LoRA, LoCon, LoHa, LoKr, DoRA, (IA)³ and full differences are computed.`,
      )
  }
}

type Draft = StoredModule & { weights: Partial<Record<Role, Weight>> }

async function sortModules(
  file: Safetensors,
  tensors: Tensors,
): Promise<Pick<AdapterFile, 'modules' | 'strangers'>> {
  const drafts = new Map<string, Draft>()
  const strangers: string[] = []
  const told: { draft: Draft; role: 'alpha' | 'on_input'; entry: TensorEntry }[] = []
  for (const [key, entry] of file.tensors) {
    const known = adapterKey(key)
    if (!known) {
      strangers.push(entry.key)
      continue
    }
    const { network, module: name, role } = known
    const id = `${network} ${name}`
    const draft = drafts.get(id) ?? { network, name, key: entry.key, weights: {}, alpha: null, onInput: null }
    drafts.set(id, draft)
    if (role === 'alpha' || role === 'on_input') told.push({ draft, role, entry })
    else draft.weights[role] = tensors.source(key)
  }
  const numbers = await readNumbers(
    file.path,
    told.map(({ entry }) => entry),
  )
  told.forEach(({ draft, role }, index) => {
    const [value] = numbers[index] ?? []
    if (role === 'alpha') draft.alpha = value ?? null
    else draft.onInput = value === 1
  })
  // A weight alone is a network's own: only (IA)³ calls its factors so.
  const isModule = ({ weights, onInput }: Draft): boolean =>
    onInput !== null || Object.keys(weights).some((role) => role !== 'weight')
  const modules = [...drafts.values()]
  return {
    modules: modules.filter(isModule),
    strangers: [...strangers, ...modules.filter((draft) => !isModule(draft)).map(({ key }) => key)],
  }
}
