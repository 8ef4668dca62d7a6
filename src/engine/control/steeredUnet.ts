import type { EngineControl } from '../../shared/engine/engineContract.ts'
import type { SeedConvention } from '../../shared/request/request.ts'
import type { AddedConditions, Control, ControlNet, Model, UnetQuestion, UnetUse } from '../model/model.ts'
import { pixelsToPlanes } from '../picture/picture.ts'
import { controlScales, countsAt, type Moment } from './controlShare.ts'
import { preprocess } from './preprocess/preprocess.ts'

/** What the U-Net is asked, as the networks that steer it are asked too. */
export interface Asked extends Omit<Moment, 'trainSteps'> {
  /** [latentChannels, height, width], without an inpainting model's further channels. */
  input: Float32Array
  context: Float32Array | null
  added: AddedConditions
  isNegative: boolean
}

export interface SteeredUnet {
  /** What the U-Net predicts for what it sees: `input`, for inpainting models with their further channels. */
  run(seen: Float32Array, asked: Asked): Promise<Float32Array>
  /** See `Unet.runBoth`. */
  runBoth?(seen: Float32Array, first: Asked, second: Asked): Promise<[Float32Array, Float32Array]>
  /** Which of the pictures that steer it count at a moment. */
  steeredBy(moment: Omit<Moment, 'trainSteps'>): boolean[]
}

/** Opens the U-Net of a run and, first, the networks that steer it. */
export async function openSteeredUnet(
  model: Model,
  controls: readonly EngineControl[],
  use: Omit<UnetUse, 'control'>,
  convention: SeedConvention,
): Promise<SteeredUnet> {
  // Zeros that are added round sums otherwise: what weighs nothing has no place in the graph.
  const weighing = controls.filter(({ weight }) => weight !== 0)
  const networks = await model.openControls(
    weighing.map(({ path }) => path),
    use,
  )
  const unet = await model.openUnet({ ...use, ...(networks.length > 0 && { control: formOf(networks) }) })
  const { trainSteps } = model.noiseSchedule
  const sources = weighing.map((control, index) => controlSource(control, networks[index], convention))
  async function question(seen: Float32Array, asked: Asked): Promise<UnetQuestion> {
    const control = await sumOf(sources, { ...asked, trainSteps })
    return [seen, asked.timestep, asked.context, asked.added, control]
  }
  const { runBoth } = unet
  return {
    run: async (seen, asked) => unet.run(...(await question(seen, asked))),
    ...(runBoth && {
      runBoth: async (seen, first, second) =>
        runBoth(await question(seen, first), await question(seen, second)),
    }),
    steeredBy: (moment) =>
      weighing.map((control) => countsAt(control, { ...moment, trainSteps }, convention)),
  }
}

const formOf = (networks: readonly ControlNet[]) => ({
  residuals: networks.some(({ kind }) => kind === 'residuals'),
  features: Math.max(...networks.map(({ features }) => features)),
})

type Source = (asked: Asked & Moment) => Promise<Told | null>

interface Told {
  kind: keyof Control
  values: readonly Float32Array[]
  scales: readonly number[]
}

/** What one control picture tells at a moment; null when it does not count there. */
function controlSource(control: EngineControl, network: ControlNet, convention: SeedConvention): Source {
  const picture = preprocess(control.picture, control.preprocessor, control.settings)
  const hint = pixelsToPlanes(picture).map((value) => (value + 1) / 2)
  const sparesNegative = control.mode === 'control' || network.pooled
  let features: Float32Array[] | null = null
  return async (asked) => {
    if (!countsAt(control, asked, convention)) return null
    if (asked.isNegative && sparesNegative) return null
    const { input, timestep, context, added } = asked
    const values = features ?? (await network.run(hint, input, timestep, context, added))
    // The features of a picture do not change from step to step.
    if (network.kind === 'features') features = values
    const scales = controlScales(control, network.kind, values.length, convention)
    return { kind: network.kind, values, scales }
  }
}

async function sumOf(sources: readonly Source[], asked: Asked & Moment): Promise<Control> {
  const sums: { residuals: Float32Array[] | null; features: Float32Array[] | null } = {
    residuals: null,
    features: null,
  }
  for (const source of sources) {
    const told = await source(asked)
    if (told) sums[told.kind] = addScaled(sums[told.kind], told.values, told.scales)
  }
  return sums
}

/** The sums so far, or zeros, with each of `values` added as often as its scale says. */
const addScaled = (
  sums: Float32Array[] | null,
  values: readonly Float32Array[],
  scales: readonly number[],
): Float32Array[] =>
  values.map((value, index) => {
    const sum = sums?.[index] ?? new Float32Array(value.length)
    for (let i = 0; i < value.length; i++) sum[i] += scales[index] * value[i]
    return sum
  })
