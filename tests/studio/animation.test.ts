import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { animate, animationFormats } from '../../src/studio/pictures/animation.ts'
import { temporaryFolder } from './fixtures/testStudio.ts'

const flat = (side: number, colour: readonly number[]): Pixels => ({
  ...{ width: side, height: side },
  data: Uint8Array.from({ length: 3 * side * side }, (_, i) => colour[i % 3]),
})
const colours = [
  [200, 40, 40],
  [40, 160, 60],
  [30, 60, 190],
]

it('an MP4 has its frames in their colours, at their pace, in the form that every player shows', async ({
  skip,
}) => {
  if (!(await animationFormats()).includes('mp4')) skip('ffmpeg is not on the path')
  const frames = colours.map((colour) => flat(64, colour))
  const path = join(temporaryFolder(), 'walk.mp4')
  writeFileSync(path, await animate(frames, 'mp4', 12))
  const wanted = 'stream=codec_name,pix_fmt,width,height,r_frame_rate,nb_read_frames'
  const options = ['-v', 'error', '-count_frames', '-show_entries', wanted, '-of', 'json', path]
  const { streams } = JSON.parse(execFileSync('ffprobe', options, { encoding: 'utf8' })) as {
    streams: unknown[]
  }
  expect(streams).toEqual([
    {
      ...{ codec_name: 'h264', pix_fmt: 'yuv420p', width: 64, height: 64 },
      ...{ r_frame_rate: '12/1', nb_read_frames: '3' },
    },
  ])
  const shown = execFileSync('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ])
  colours.forEach((colour, frame) =>
    colour.forEach((value, channel) => {
      const middle = ((frame * 64 + 32) * 64 + 32) * 3 + channel
      // Half as fine in colour, and compressed.
      expect(Math.abs(shown[middle] - value)).toBeLessThan(8)
    }),
  )
})

it('what ffmpeg cannot write is said in its words, with what to choose instead', async ({ skip }) => {
  if (!(await animationFormats()).includes('mp4')) skip('ffmpeg is not on the path')
  await expect(animate([flat(3, [0, 0, 0])], 'mp4', 12)).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringMatching(
      /^ffmpeg did not write the MP4: .*divisible by 2.*Choose WebP or GIF\.$/s,
    ) as string,
  })
})
