import { StudioError } from '../../../shared/errors.ts'
import type { InputImage } from '../../../shared/library/history.ts'
import type { ResizeMode } from '../../../shared/request/request.ts'
import { maskedContents } from '../../../shared/request/inpaint.ts'
import { paintMask } from '../../pictures/paintMask.ts'
import type { Studio } from '../../studio.ts'
import { badField } from './answers.ts'
import type { OwnPart } from './info.ts'
import { defaults, type PictureCall } from './schemas.ts'

/** In the order of their numbers; the last one, in the latents, is not here. */
const resizeModes: readonly ResizeMode[] = ['stretch', 'crop', 'fit']

/** What img2img starts from, and which part of it is painted (StableDiffusionProcessingImg2Img.init). */
export async function startOf(studio: Studio, said: PictureCall): Promise<OwnPart> {
  const [picture, ...others] = said.init_images ?? []
  if (picture === undefined) throw badField('init_images', 'must hold the picture to start from')
  if (others.length > 0)
    throw badField('init_images', `must hold one picture, found ${others.length + 1}; send a call for each`)
  const resizeMode = resizeModes[said.resize_mode ?? 0]
  if (!resizeMode) throw badField('resize_mode', 'latents are not stretched here; there are 0, 1 and 2')
  const { id } = await takePicture(studio, 'init_images.0', picture)
  return {
    initImage: { id, resizeMode },
    denoiseStrength: said.denoising_strength ?? defaults.img2img.denoising_strength,
    ...(said.mask && (await maskOf(studio, said, said.mask))),
  }
}

async function maskOf(
  studio: Studio,
  said: PictureCall,
  written: string,
): Promise<Pick<OwnPart, 'mask' | 'inpaint'>> {
  const { mask_blur: both, mask_blur_x: x = both ?? 4, mask_blur_y: y = both ?? 4 } = said
  const blur = both ?? x
  if (both === undefined && x !== y)
    throw badField(
      'mask_blur_y',
      `must be that of mask_blur_x (${x}), found ${y}: edges are blurred alike to all sides`,
    )
  const mask = await paintMask(bytesOf('mask', written), 'mask', {
    invert: said.inpainting_mask_invert ?? false,
  })
  const { id } = await studio.inputs.add(mask, 'mask')
  return {
    mask: { id },
    inpaint: {
      area: (said.inpaint_full_res ?? true) ? 'masked' : 'whole',
      padding: said.inpaint_full_res_padding ?? 0,
      content: maskedContents[said.inpainting_fill ?? 0],
      maskBlur: blur,
    },
  }
}

/**
 * Takes a picture of a body in, which is Base64, with or without the beginning of a data URL. Throws `BadBody` for what is no
 * picture.
 */
export async function takePicture(studio: Studio, field: string, written: string): Promise<InputImage> {
  try {
    return await studio.inputs.add(bytesOf(field, written), field)
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-init-image') throw badField(field, error.message)
    throw error
  }
}

export function bytesOf(field: string, written: string): Buffer {
  if (/^https?:/i.test(written))
    throw badField(field, 'must be the picture itself in Base64; addresses are not fetched')
  return Buffer.from(written.replace(/^data:[^,]{0,200},/, ''), 'base64')
}
