import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ModelRecord } from '../../../shared/models/models.ts'
import { limits } from '../../../shared/request/limits.ts'
import { writeFileDurably } from '../../files.ts'
import type { Studio } from '../../studio.ts'
import { badField } from './answers.ts'
import { idle, int, lacking, text } from './fields.ts'
import { findTitled, titledModels } from './titledModels.ts'
import { check } from './readCall.ts'
import { saying } from '../../../shared/notices.ts'

/** AUTOMATIC1111's settings, as far as they decide a picture: what a call starts from, until a program changes them. */

const formats = ['png', 'jpg', 'jpeg', 'webp'] as const

const optionsSchema = z.strictObject({
  sd_model_checkpoint: text,
  sd_vae: text,
  CLIP_stop_at_last_layers: int(limits.clipSkip.min, limits.clipSkip.max),
  eta_noise_seed_delta: int(0, Number.MAX_SAFE_INTEGER),
  randn_source: z.enum(['GPU', 'CPU', 'NV']).nullish(),
  samples_format: z.enum(formats).nullish(),
  inpainting_mask_weight: lacking('masks have their full weight here', 1),
  initial_noise_multiplier: lacking('the noise is as strong as it is', 1),
  img2img_color_correction: lacking('colours are not corrected here', false, 0),
  // It follows from the model.
  sd_checkpoint_hash: idle,
  // What is kept and shown on the way is the studio's own.
  ...{ samples_save: idle, grid_save: idle, return_grid: idle, save_txt: idle, enable_pnginfo: idle },
  ...{ live_previews_enable: idle, show_progress_every_n_steps: idle, show_progress_grid: idle },
  ...{ sd_checkpoint_cache: idle, sd_vae_checkpoint_cache: idle, jpeg_quality: idle },
})

const kept = [
  'sd_model_checkpoint',
  'sd_vae',
  'CLIP_stop_at_last_layers',
  'eta_noise_seed_delta',
  'randn_source',
  'samples_format',
] as const
type Kept = (typeof kept)[number]
type Said = Partial<z.output<typeof optionsSchema>>

/** What a call is drawn with beside its fields. */
export interface Options {
  model: ModelRecord
  /** null: the model's own. */
  vae: string | null
  clipSkip: number | null
  etaNoiseSeedDelta: number
  randnSource: 'GPU' | 'CPU' | 'NV'
  /** The ending of the pictures that are answered. */
  format: 'png' | 'jpg' | 'webp'
}

export interface OptionsFile {
  /** The settings with those of a call over them. Throws `BadBody` naming what is not known, below `override_settings`. */
  with(override: Record<string, unknown>): Promise<Options>
  /** As AUTOMATIC1111 lists them. */
  list(): Promise<Record<string, unknown>>
  /** Answers which were taken, and which change nothing here. Throws `BadBody`. */
  change(
    said: Record<string, unknown>,
    within?: string[],
  ): Promise<{ taken: string[]; without_effect: string[] }>
}

export function openOptions(studio: Studio, dataFolder: string): OptionsFile {
  const path = join(dataFolder, 'api-options.json')

  async function current(): Promise<Said> {
    const written = await readFile(path, 'utf8').catch(() => '{}')
    try {
      return optionsSchema.parse(JSON.parse(written))
    } catch {
      studio.notify('warning', saying('optionsUnread', { file: path }))
      return {}
    }
  }

  return {
    async with(override) {
      const said = { ...(await current()), ...given(check(optionsSchema, override, ['override_settings'])) }
      const { sd_vae: vae = 'Automatic', CLIP_stop_at_last_layers: clipSkip = 1 } = said
      const format = said.samples_format ?? 'png'
      return {
        model: await modelOf(studio, said, 'override_settings.'),
        vae: ['Automatic', 'None', ''].includes(vae) ? null : vae.replace(/\.(?:safetensors|ckpt|pt)$/i, ''),
        clipSkip: clipSkip > 1 ? clipSkip : null,
        etaNoiseSeedDelta: said.eta_noise_seed_delta ?? 0,
        randnSource: said.randn_source ?? 'GPU',
        format: format === 'jpeg' ? 'jpg' : format,
      }
    },
    async list() {
      const said = await current()
      const model = await modelOf(studio, said, '').catch(() => null)
      const titled = (await titledModels(studio)).find(({ record }) => record.id === model?.id)
      return {
        sd_model_checkpoint: titled?.title ?? null,
        sd_checkpoint_hash: titled?.hash ?? null,
        sd_vae: said.sd_vae ?? 'Automatic',
        CLIP_stop_at_last_layers: said.CLIP_stop_at_last_layers ?? 1,
        eta_noise_seed_delta: said.eta_noise_seed_delta ?? 0,
        randn_source: said.randn_source ?? 'GPU',
        samples_format: said.samples_format ?? 'png',
      }
    },
    async change(said, within = []) {
      const change = given(check(optionsSchema, said, within))
      const where = within.map((name) => `${name}.`).join('')
      if (change.sd_model_checkpoint !== undefined) await modelOf(studio, change, where)
      const taken = kept.filter((name) => name in change)
      const next = Object.entries({ ...(await current()), ...change }).filter(([name]) =>
        kept.includes(name as Kept),
      )
      await writeFileDurably(path, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`, 'options')
      return { taken, without_effect: Object.keys(change).filter((name) => !kept.includes(name as Kept)) }
    },
  }
}

/** Throws `BadBody`, naming the models there are. */
async function modelOf(studio: Studio, { sd_model_checkpoint }: Said, where: string): Promise<ModelRecord> {
  const models = (await studio.calls.models()).filter(({ info }) => info !== null)
  if (sd_model_checkpoint === undefined || sd_model_checkpoint === '') return firstOf(models)
  const found = await findTitled(studio, sd_model_checkpoint)
  if (found) return found
  const names = models.map(({ name }) => name).join(', ')
  throw badField(
    `${where}sd_model_checkpoint`,
    `there is no model "${sd_model_checkpoint}"; there are ${names}`,
  )
}

const given = (said: Said): Said =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== null))

function firstOf(models: readonly ModelRecord[]): ModelRecord {
  if (models.length === 0) throw badField('sd_model_checkpoint', 'there is no model to draw with')
  return models[0]
}
