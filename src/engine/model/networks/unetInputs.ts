import { StudioError } from '../../../shared/errors.ts'
import type { UnetConfig } from '../../graph/unet/unetConfig.ts'
import type { UnetSize } from '../../graph/unet/unet.ts'
import type { AddedConditions, Control, UnetQuestion } from '../model.ts'
import type { Input } from '../runtime/session.ts'
import { guidanceEmbedding, timestepEmbedding } from './timestepEmbedding.ts'

/** Plain numbers as the inputs of a U-Net's graph and of the networks that steer it. */

/** What both have in common: latents, timestep, text and what is told beside it. */
export function unetInputs(
  config: UnetConfig,
  { height, width }: UnetSize,
  input: Float32Array,
  timestep: number,
  context: Float32Array | null,
  added: AddedConditions,
): Record<string, Input> {
  const row = (data: Float32Array): Input => ({ data, shape: [1, data.length] })
  const inputs: Record<string, Input> = {
    sample: { data: input, shape: [1, config.inChannels, height, width] },
    timestep: row(timestepEmbedding(timestep, config.timestepWidth, config)),
  }
  if (context)
    inputs['context'] = {
      data: context,
      shape: [context.length / config.contextWidth!, config.contextWidth!],
    }
  if (config.added) inputs['added'] = row(addedEmbedding(added, config.added))
  if (config.guidanceWidth !== null)
    inputs['guidance'] = row(guidanceEmbedding(added.guidanceScale ?? 1, config.guidanceWidth))
  return inputs
}

/** The inputs of several evaluations in one run: below each other, in their order. */
export function batchInputs(
  config: UnetConfig,
  size: UnetSize,
  questions: readonly UnetQuestion[],
  controlShapes: Readonly<Record<string, readonly number[]>>,
): Record<string, Input> {
  const each = questions.map(([input, timestep, context, added = {}, control = noControl]) => ({
    ...unetInputs(config, size, input, timestep, context, added),
    ...controlInputs(control, controlShapes),
  }))
  return Object.fromEntries(Object.keys(each[0]).map((name) => [name, below(each.map((one) => one[name]))]))
}

function below(inputs: readonly Input[]): Input {
  const [first] = inputs
  if (inputs.length === 1) return first
  const { shape } = first
  const data = new Float32Array(inputs.reduce((sum, one) => sum + one.data.length, 0))
  let end = 0
  for (const one of inputs) {
    data.set(one.data, end)
    end += one.data.length
  }
  return { data, shape: shape.with(0, inputs.length * shape[0]) }
}

export const noControl: Control = { residuals: null, features: null }

/** What is added inside, for every input of these names and shapes; zeros where nothing is. */
export function controlInputs(
  { residuals, features }: Control,
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, Input> {
  const given: Readonly<Record<string, Control[keyof Control]>> = { residual: residuals, feature: features }
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, Input] => {
      const [kind, index] = name.split('.')
      const nothing = (): Float32Array => new Float32Array(shape.reduce((product, size) => product * size, 1))
      return [name, { data: given[kind]?.[Number(index)] ?? nothing(), shape }]
    }),
  )
}

/** Pooled text, then the sinusoidal embedding of every size and crop number (Podell et al. 2023, section 2.2). */
function addedEmbedding(
  { pooled, timeIds }: AddedConditions,
  { width, idWidth }: NonNullable<UnetConfig['added']>,
): Float32Array {
  const embedding = new Float32Array(width)
  if (!pooled || !timeIds || pooled.length + timeIds.length * idWidth !== width)
    throw new StudioError(
      'unsupported-model',
      `The U-Net wants ${width} added conditions but is given ${pooled?.length ?? 0} of pooled text and ` +
        `${timeIds?.length ?? 0} sizes of ${idWidth} each.`,
    )
  embedding.set(pooled)
  const form = { cosineFirst: true, frequencyShift: 0 }
  timeIds.forEach((id, index) =>
    embedding.set(timestepEmbedding(id, idWidth, form), pooled.length + index * idWidth),
  )
  return embedding
}
