/** What pictures can be counted by, under the names that a search has for them. */
export const facetNames = [
  'album',
  'tag',
  'rating',
  'date',
  'model',
  'lora',
  'sampler',
  'size',
  'source',
  'tool',
  'device',
] as const
export type FacetName = (typeof facetNames)[number]

/** A value as a search writes it, and how many pictures have it. */
export interface Facet {
  value: string
  count: number
}

/** Dates are months (2026-07), the newest first, and behind a month that the search names its days (2026-07-31). */
export type Facets = Record<FacetName, Facet[]>
