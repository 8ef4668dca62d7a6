import type { ModelInfo } from '../../shared/models/models.ts'
import type { LabPage } from './labAddress.ts'

/** The pages that look at a picture or its model. */
const looking = ['forwards', 'steps', 'attention', 'unet', 'latent', 'race'] as const satisfies LabPage[]

/** What closes a part of the Lab to a model. */
export type Limit = 'exported' | 'transformer' | 'noText' | 'noEncoder'

const closed: Record<Limit, readonly LabPage[]> = {
  exported: ['attention', 'unet'],
  transformer: ['attention', 'unet'],
  noText: ['attention'],
  noEncoder: ['forwards'],
}

/** Which pages a model can do, and what closes the others; no limits where it can do all of them whole. */
export function abilitiesOf(info: Pick<ModelInfo, 'network' | 'hasTextEncoder' | 'canEncodeImages'>): {
  pages: LabPage[]
  limits: Limit[]
} {
  const limits: Limit[] = [
    ...(info.network === 'unet' ? [] : [info.network]),
    ...(info.hasTextEncoder ? [] : ['noText' as const]),
    ...(info.canEncodeImages ? [] : ['noEncoder' as const]),
  ]
  return { limits, pages: looking.filter((page) => !limits.some((limit) => closed[limit].includes(page))) }
}
