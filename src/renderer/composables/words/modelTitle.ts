import type { ModelRecord } from '../../../shared/models/models.ts'

/** What a model is called on the screen. */
export const modelTitle = ({ info, name }: ModelRecord): string => info?.title ?? name

/** Why nothing can steer a model's networks: they are exported, or a transformer; null where it can. */
export function unsteerable(model: ModelRecord | null): 'exported' | 'transformer' | null {
  const network = model?.info?.network ?? 'unet'
  return network === 'unet' ? null : network
}
