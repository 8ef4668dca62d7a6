import pictures from './story/pictures.png'
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

export const pixelStory: Story = story
export const pixelPictures: string = pictures
