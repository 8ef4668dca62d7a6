import { StudioError } from '../../shared/errors.ts'
import { familyName } from '../../shared/models/families.ts'
import type { UnetLook } from '../graph/unet/look.ts'
import type { Dials, Model } from '../model/model.ts'

/** What a U-Net puts out beside its prediction. */
export type Seen = Readonly<Record<string, Float32Array>>

/** The same model, whose U-Net is looked into: `hear` is told what every evaluation shows. */
export function lookedInto(model: Model, look: UnetLook, hear: (seen: Seen) => void, dials?: Dials): Model {
  const { openLookedUnet } = model
  if (!openLookedUnet) throw cannotLook(model)
  return {
    ...model,
    async openUnet({ inPairs: _, ...size }) {
      const unet = await openLookedUnet({ ...size, look })
      return {
        async run(input, timestep, context, added = {}, steering) {
          const { prediction, ...seen } = await unet.run(input, timestep, context, added, steering, dials)
          hear(seen)
          return prediction
        },
      }
    },
  }
}

/** Why a network cannot be looked into. */
export const cannotLook = ({ family, info }: Pick<Model, 'family' | 'info'>): StudioError =>
  new StudioError(
    'unsupported-model',
    info.network === 'exported'
      ? 'This model comes as exported ONNX graphs, which put out their prediction and nothing from inside: choose one that comes as weights (.safetensors or a diffusers folder).'
      : `${familyName(family.name)} has no U-Net: text and picture are one row of tokens in it, so there are neither maps of words nor skip connections to see.`,
  )
