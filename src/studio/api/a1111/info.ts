import type { ImageRecord } from '../../../shared/library/history.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import { usedFile } from '../../../shared/request/usedFiles.ts'
import { applicationVersion } from '../../paths.ts'
import type { Studio } from '../../studio.ts'
import { timestamp } from './calls.ts'
import type { toRequest } from './toRequest.ts'

/** What only one of both kinds of calls has in its request. */
export type OwnPart = Pick<
  GenerationRequestInput,
  'hires' | 'initImage' | 'denoiseStrength' | 'mask' | 'inpaint'
>
/** The request of a call's first iteration. */
export type Asked = ReturnType<typeof toRequest> & OwnPart & Pick<GenerationRequestInput, 'controls'>

/** What AUTOMATIC1111 tells of what it drew (modules/processing.py, Processed.js). */
export async function infoOf(
  studio: Studio,
  {
    asked,
    images,
    startedAt,
    warnings,
  }: { asked: Asked; images: readonly ImageRecord[]; startedAt: number; warnings: readonly string[] },
) {
  const [first] = images
  const of = <Value>(read: (request: ImageRecord['request']) => Value): Value[] =>
    images.map(({ request }) => read(request))
  const varied = of(({ variationSeed }) => variationSeed ?? -1)
  return {
    prompt: first?.request.prompt ?? asked.prompt,
    all_prompts: of(({ prompt }) => prompt),
    negative_prompt: first?.request.negativePrompt ?? asked.negativePrompt,
    all_negative_prompts: of(({ negativePrompt }) => negativePrompt),
    seed: first?.request.seed ?? asked.seed,
    all_seeds: of(({ seed }) => seed),
    subseed: varied[0] ?? -1,
    all_subseeds: varied,
    subseed_strength: asked.variationStrength,
    width: first?.width ?? asked.width,
    height: first?.height ?? asked.height,
    sampler_name: asked.sampler,
    cfg_scale: asked.guidanceScale,
    steps: asked.steps,
    batch_size: asked.batchSize,
    restore_faces: false,
    face_restoration_model: null,
    sd_model_name: first?.model.name ?? null,
    sd_model_hash: first?.model.hash.slice(0, 10) ?? null,
    sd_vae_name: asked.vae,
    sd_vae_hash:
      first && asked.vae
        ? (usedFile(first.request.files, 'vae', asked.vae)?.hash.slice(0, 10) ?? null)
        : null,
    seed_resize_from_w: asked.seedResizeWidth ?? -1,
    seed_resize_from_h: asked.seedResizeHeight ?? -1,
    denoising_strength: asked.hires?.denoiseStrength ?? asked.denoiseStrength ?? null,
    extra_generation_params: {},
    index_of_first_image: 0,
    infotexts: await Promise.all(images.map(({ id }) => studio.calls.imageText(id))),
    styles: asked.styles,
    job_timestamp: timestamp(startedAt),
    clip_skip: asked.clipSkip ?? 1,
    is_using_inpainting_conditioning: false,
    version: `Latent Studio ${applicationVersion}`,
    warnings,
  }
}
