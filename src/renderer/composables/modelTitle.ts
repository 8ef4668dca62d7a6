import type { ModelRecord } from '../../shared/models.ts'

/** What a model is called on the screen. */
export const modelTitle = ({ info, name }: ModelRecord): string => info?.title ?? name

/** Whether a model is exported ONNX networks: nothing can be put over or beside those. */
export const isExported = (model: ModelRecord | null): boolean => model?.info?.network === 'exported'
