import pictures from './story/pictures.png'
import starters from './story/starters.json'
import starterPictures from './story/starters.webp'
import story from './story/story.json'

/** How the shipped model of pixels learnt, as `training/pixel_story.py` wrote it down. */
interface Story {
  /** The mean loss of the last steps before each. */
  curve: { step: number[]; loss: number[] }
  /** At these the error of the noise was measured on scenes that were never learnt from. */
  timesteps: number[]
  /** Weights that were kept on the way; each has a row in the picture, all rows out of the same noise. */
  kept: { step: number; errors: number[] }[]
  /** Pictures a row, and their side in pixels. */
  columns: number
  side: number
}

/** What every starter of the source's history draws when it is asked for the same, as `scripts/starterStory.ts` made it. */
interface Starters {
  /** From the first to the one that is shipped; each has a row in the picture. */
  starters: {
    /** The sides of its pictures, in pixels. */
    side: number
    /** The kinds of things that its training showed. */
    kinds: number
  }[]
  /** One a column. */
  prompts: string[]
  /** Of a picture in the row: smaller ones are enlarged. */
  side: number
}

export const pixelStory: Story = story
export const pixelPictures: string = pictures
export const starterStory: Starters = starters
export const starterSheet: string = starterPictures
