import type { ModelRecord } from '../../shared/models.ts'

/** What a model is called on the screen. */
export const modelTitle = ({ info, name }: ModelRecord): string => info?.title ?? name
