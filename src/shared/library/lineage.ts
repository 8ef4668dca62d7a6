import type { ImageRecord } from './history.ts'

/** By what a picture came from another one; 'again': by the very request of that one. */
export type Descent =
  'branch' | 'upscale' | 'edit' | 'image' | 'inpainting' | 'reference' | 'control' | 'again'

export interface LineageLink {
  parentId: string
  childId: string
  how: Descent
}

/** Pictures that came from each other, trashed or not, oldest first. */
export interface Lineage {
  images: ImageRecord[]
  links: LineageLink[]
}
