import { z } from 'zod'
import { limits } from '../../../shared/request/limits.ts'
import { encodePng, readPicture } from '../../pictures/images.ts'
import type { Studio } from '../../studio.ts'
import { base64Of } from '../base64Of.ts'
import { failureOf } from '../drawPictures.ts'
import { badField, json } from './answers.ts'
import type { Parts } from './draw.ts'
import { bool, idle, int, lacking, number, text } from './fields.ts'
import { readCall, type Call } from './readCall.ts'
import { bytesOf, takePicture } from './startPicture.ts'

const noFaces = 'faces are not restored here'
const extrasSchema = z.strictObject({
  image: z.string(),
  resize_mode: int(0, 1),
  upscaling_resize: number(0, limits.upscale.max),
  upscaling_resize_w: int(1, 2 ** 14),
  upscaling_resize_h: int(1, 2 ** 14),
  upscaling_crop: bool,
  /** What stable-diffusion-api calls it. */
  upscaling_resize_crop: bool,
  upscaler_1: text,
  upscaler_2: text,
  extras_upscaler_2_visibility: lacking('a picture is enlarged by one upscaler here', 0),
  gfpgan_visibility: lacking(noFaces, 0),
  codeformer_visibility: lacking(noFaces, 0),
  codeformer_weight: idle,
  show_extras_results: bool,
  upscale_first: idle,
})

/** Enlarges a picture: by a factor, or until it covers a size, to which it is cut. Without an upscaler it stays as it is. */
export async function extraSingleImage({ studio, calls }: Parts, call: Call): Promise<Response> {
  const said = await readCall(call, extrasSchema)
  const upscaler = said.upscaler_1 ?? 'None'
  const known = (await studio.calls.upscalers()).map(({ name }) => name)
  if (upscaler !== 'None' && !known.includes(upscaler))
    throw badField('upscaler_1', `there is no upscaler "${upscaler}"; there are None, ${known.join(', ')}`)
  const input = await takePicture(studio, 'image', said.image)
  if (upscaler === 'None')
    return json({ html_info: '', image: bytesOf('image', said.image).toString('base64') })
  const to =
    said.resize_mode === 1
      ? { width: said.upscaling_resize_w ?? 512, height: said.upscaling_resize_h ?? 512 }
      : null
  const scale = to ? Math.max(to.width / input.width, to.height / input.height) : (said.upscaling_resize ?? 2)
  const field = to ? 'upscaling_resize_w' : 'upscaling_resize'
  if (!(scale >= limits.upscale.min && scale <= limits.upscale.max))
    throw badField(field, `must enlarge by ${limits.upscale.min} to ${limits.upscale.max}, found ${scale}`)
  const [job] = await calls.run(call.caller.id, call.request.signal, [
    () => studio.calls.upscale({ inputId: input.id, upscaler, scale }),
  ])
  if (job.state !== 'done') throw failureOf(job)
  const [id] = job.imageIds
  if (said.show_extras_results === false) return json({ html_info: '', image: null })
  const cut = to !== null && (said.upscaling_crop ?? said.upscaling_resize_crop ?? true)
  const image = cut ? await cutTo(studio, id, to) : await base64Of(studio, `/images/${id}.png`)
  return json({ html_info: await studio.calls.imageText(id), image })
}

async function cutTo(studio: Studio, id: string, { width, height }: { width: number; height: number }) {
  const { path } = await studio.calls.image(id)
  return (await encodePng(await readPicture(path, width, height, 'crop'))).toString('base64')
}
