import { walkFormats, walkLimits, type WalkFormat } from '../../../shared/calls/mixCalls.ts'

/** What is moved in the latent space. */
export const ways = ['latents', 'noise', 'text', 'both', 'word', 'channels'] as const
export type Way = (typeof ways)[number]

export const defaults = {
  way: 'latents' as string,
  /** The one that reads and decodes latents; empty: the chosen one. */
  model: '',
  picture: '',
  /** The second one. */
  other: '',
  /** Of the second one. */
  share: 0.5,
  word: '',
  strength: 1,
  /** Of every channel, with commas between; what is missing is as it was. */
  scales: '',
  shifts: '',
  frames: 12,
  format: 'webp' as WalkFormat as string,
}
export type LatentSettings = typeof defaults

/** Where an address's numbers have their ends. */
export const allowed = {
  way: ways,
  format: walkFormats,
  share: [0, 1],
  strength: [-2, 2],
  frames: [walkLimits.frames.min, walkLimits.frames.max],
} as const
