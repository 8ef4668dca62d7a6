import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import { walkFormats, type WalkFormat } from '../../shared/calls/mixCalls.ts'
import { encodeFilm } from './images.ts'

/** Moving pictures, without end where the format can say so. */

export const animationTypes = { webp: 'image/webp', gif: 'image/gif', mp4: 'video/mp4' } as const

/** MP4 is written by ffmpeg, where that is on the path. */
export async function animationFormats(): Promise<WalkFormat[]> {
  const hasFfmpeg = await promisify(execFile)('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  )
  return walkFormats.filter((format) => format !== 'mp4' || hasFfmpeg)
}

/** Frames of one size as a file. Throws `bad-request` where ffmpeg cannot write it. */
export async function animate(
  frames: readonly Pixels[],
  format: WalkFormat,
  framesASecond: number,
): Promise<Uint8Array> {
  if (format !== 'mp4') return encodeFilm(frames, format, framesASecond)
  return toMp4(Buffer.concat(frames.map(({ data }) => data)), frames[0], framesASecond)
}

/** H.264 in the form that every player shows. */
async function toMp4(
  pixels: Buffer,
  { width, height }: { width: number; height: number },
  framesASecond: number,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'latent-studio-'))
  const path = join(folder, 'walk.mp4')
  const given = `-f rawvideo -pix_fmt rgb24 -s ${width}x${height} -r ${framesASecond} -i -`
  const written = '-c:v libx264 -crf 18 -pix_fmt yuv420p -movflags +faststart'
  const options = ['-v', 'error', ...given.split(' '), ...written.split(' '), path]
  try {
    const ffmpeg = spawn('ffmpeg', options, { stdio: ['pipe', 'ignore', 'pipe'] })
    const said: Buffer[] = []
    ffmpeg.stderr.on('data', (piece: Buffer) => said.push(piece))
    const ended = new Promise<void>((resolve, reject) => {
      ffmpeg.once('error', reject)
      ffmpeg.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(Buffer.concat(said).toString().trim())),
      )
    })
    // Why it stopped reading is what it says at its end.
    ffmpeg.stdin.end(pixels)
    await Promise.all([ended, finished(ffmpeg.stdin).catch(() => {})])
    return await readFile(path)
  } catch (error) {
    const why = (error as Error).message
    throw new StudioError('bad-request', `ffmpeg did not write the MP4: ${why}. Choose WebP or GIF.`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
