import { z } from 'zod'
import { limits } from '../../../shared/request/limits.ts'
import { bool, dictionary, idle, int, lacking, list, number, seed, text, texts } from './fields.ts'

/**
 * The bodies of AUTOMATIC1111's API: its fields (1.10.1, modules/api/models.py and the arguments of the classes in
 * modules/processing.py) and those that its clients send beside them.
 */

const size = { min: 1, max: limits.size.max + limits.size.multipleOf - 1 }
const shortened = (schema: typeof text, most: number) =>
  schema.refine((said) => (said ?? '').length <= most, `must be at most ${most} characters`)
const promptText = shortened(text, limits.promptLength)

/** What clients send that AUTOMATIC1111 has no field for, and passes over. */
const ofClients = {
  // SillyTavern, meant for itself.
  url: idle,
  auth: idle,
  // Forge's, from SillyTavern too.
  hr_additional_modules: z.array(z.enum(['Use same choices'])).nullish(),
  // stable-diffusion-api.
  use_deprecated_controlnet: idle,
  // Auto-Photoshop keeps them with the picture.
  ...{ selection_info: idle, mask_expansion: idle, expanded_mask: idle, use_sharp_mask: idle, mode: idle },
  ...{ use_prompt_shortcut: idle, prompt_shortcut_ui_dict: idle, uniqueDocumentId: idle },
  ...{ original_prompt: idle, original_negative_prompt: idle },
}
export const clientFields = Object.keys(ofClients)

const common = {
  prompt: promptText,
  negative_prompt: promptText,
  styles: texts,
  seed,
  subseed: seed,
  subseed_strength: number(0, 1),
  seed_resize_from_w: int(-1, size.max),
  seed_resize_from_h: int(-1, size.max),
  sampler_name: text,
  sampler_index: text,
  scheduler: text,
  batch_size: int(1, limits.batchSize.max),
  n_iter: int(1, limits.batchSize.max),
  steps: int(limits.steps.min, limits.steps.max),
  cfg_scale: number(limits.guidanceScale.min, limits.guidanceScale.max),
  width: int(size.min, size.max),
  height: int(size.min, size.max),
  denoising_strength: number(0, 1),
  eta: number(0, 1),
  s_churn: number(0, 100),
  s_tmin: number(0),
  s_tmax: number(0),
  s_noise: number(0, 2),
  override_settings: dictionary,
  override_settings_restore_afterwards: bool,
  alwayson_scripts: dictionary,
  /** SD.Next's, which SillyTavern sends. */
  clip_skip: int(limits.clipSkip.min, limits.clipSkip.max),
  /** Of the ControlNet extension's first versions. */
  controlnet_units: list,
  send_images: bool,
  restore_faces: lacking('faces are not restored here', false, 0),
  tiling: lacking('there are no tiling pictures here', false, 0),
  s_min_uncond: lacking('the negative prompt is not left out here', 0),
  refiner_checkpoint: lacking('there is no refiner here', '', 'None'),
  refiner_switch_at: idle,
  disable_extra_networks: lacking(
    'the LoRAs of a prompt are not left out here; take them out of it',
    false,
    0,
  ),
  firstpass_image: lacking('a second pass begins with its own first one here'),
  script_name: lacking('there are no scripts here', '', 'None'),
  script_args: idle,
  infotext: lacking('give the fields themselves', ''),
  // Pictures are kept in the library, and no grids are made.
  ...{
    save_images: idle,
    do_not_save_samples: idle,
    do_not_save_grid: idle,
    comments: idle,
    force_task_id: idle,
  },
  ...ofClients,
}

const noFirstPass =
  'width and height are those of the first pass; say with hr_resize_x and hr_resize_y how large the second is'

export const txt2imgSchema = z.strictObject({
  ...common,
  enable_hr: bool,
  hr_scale: number(0, limits.upscale.max),
  hr_upscaler: text,
  hr_second_pass_steps: int(0, limits.steps.max),
  hr_resize_x: int(0, limits.hiresSize.max),
  hr_resize_y: int(0, limits.hiresSize.max),
  hr_sampler_name: text,
  hr_scheduler: text,
  hr_prompt: promptText,
  hr_negative_prompt: promptText,
  /** Forge's. */
  hr_cfg: number(limits.guidanceScale.min, limits.guidanceScale.max),
  hr_checkpoint_name: lacking('the second pass has the model of the first', '', 'Use same checkpoint'),
  firstphase_width: lacking(noFirstPass, 0),
  firstphase_height: lacking(noFirstPass, 0),
})

export const img2imgSchema = z.strictObject({
  ...common,
  init_images: texts,
  include_init_images: bool,
  resize_mode: int(0, 3),
  mask: text,
  mask_blur: number(0, limits.maskBlur.max),
  mask_blur_x: number(0, limits.maskBlur.max),
  mask_blur_y: number(0, limits.maskBlur.max),
  inpainting_fill: int(0, 3),
  inpaint_full_res: bool,
  inpaint_full_res_padding: int(0, limits.maskPadding.max),
  inpainting_mask_invert: bool,
  mask_round: lacking('the mask is rounded here', true, 1),
  initial_noise_multiplier: lacking('the noise is as strong as it is', 1),
  latent_mask: lacking('give a mask'),
  /** Only models that follow instructions listen to it there, of which there are none here. */
  image_cfg_scale: idle,
})

export type TextCall = z.output<typeof txt2imgSchema>
export type PictureCall = z.output<typeof img2imgSchema>
/** What both have. */
export type CommonCall = Pick<TextCall & PictureCall, keyof TextCall & keyof PictureCall>

/** What AUTOMATIC1111 takes where nothing is said, and answers in `parameters`. */
export const defaults = {
  common: {
    ...{ prompt: '', negative_prompt: '', styles: null, seed: -1, subseed: -1, subseed_strength: 0 },
    ...{ seed_resize_from_h: -1, seed_resize_from_w: -1, sampler_name: null, scheduler: null },
    ...{ batch_size: 1, n_iter: 1, steps: 50, cfg_scale: 7, width: 512, height: 512, restore_faces: null },
    ...{ tiling: null, do_not_save_samples: false, do_not_save_grid: false, eta: null },
    ...{
      denoising_strength: null,
      s_min_uncond: null,
      s_churn: null,
      s_tmax: null,
      s_tmin: null,
      s_noise: null,
    },
    ...{ override_settings: null, override_settings_restore_afterwards: true, refiner_checkpoint: null },
    ...{ refiner_switch_at: null, disable_extra_networks: false, firstpass_image: null, comments: null },
    ...{ sampler_index: 'Euler', script_name: null, script_args: [], send_images: true, save_images: false },
    ...{ alwayson_scripts: {}, force_task_id: null, infotext: null },
  },
  txt2img: {
    ...{ enable_hr: false, firstphase_width: 0, firstphase_height: 0, hr_scale: 2, hr_upscaler: null },
    ...{ hr_second_pass_steps: 0, hr_resize_x: 0, hr_resize_y: 0, hr_checkpoint_name: null },
    ...{ hr_sampler_name: null, hr_scheduler: null, hr_prompt: '', hr_negative_prompt: '' },
  },
  img2img: {
    ...{
      init_images: null,
      resize_mode: 0,
      image_cfg_scale: null,
      mask: null,
      mask_blur_x: 4,
      mask_blur_y: 4,
    },
    ...{ mask_blur: null, mask_round: true, inpainting_fill: 0, inpaint_full_res: true },
    ...{ inpaint_full_res_padding: 0, inpainting_mask_invert: 0, initial_noise_multiplier: null },
    ...{ latent_mask: null, denoising_strength: 0.75 },
  },
} as const
