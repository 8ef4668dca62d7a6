/** Diameters of the brush in pixels of the picture, and by how many pixels a mask grows, shrinks or is feathered at once. */
export const brushRange = { min: 1, max: 1000, softMax: 300, step: 4 } as const
