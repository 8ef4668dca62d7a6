import { z } from 'zod'
import { timingsSchema, type ImageRecord } from '../../shared/library/history.ts'
import { StudioError } from '../../shared/errors.ts'
import { printLoraTag } from '../../shared/prompt/loraTags.ts'
import { devices, generationRequestSchema, type ResolvedRequest } from '../../shared/request/request.ts'
import { unknownModel } from '../../shared/request/edit.ts'
import { seedSchema } from '../../shared/request/seed.ts'
import type { UsedFile } from '../../shared/request/adapters.ts'
import { usedFile } from '../../shared/request/usedFiles.ts'
import { controlParameters } from './controlParameters.ts'
import { printEdit } from './editText.ts'
import { printFast } from './fastText.ts'
import { printInfotext } from './infotext.ts'
import { inpaintParameters } from './inpaintText.ts'
import { readTextChunks, type TextChunk } from './pngText.ts'

/** What a picture carries of its row: enough to make the row again. */
export type EmbeddedRecord = Omit<
  ImageRecord,
  'path' | 'url' | 'thumbnailUrl' | 'trashedAt' | 'marks' | 'imported' | 'worker'
> & { worker?: string | null }

export const ownKeyword = 'latent-studio'
const ownVersion = 1

/** The texts that go into the PNG of a finished image: AUTOMATIC1111's infotext, and our own JSON. */
export function imageMetadata(record: EmbeddedRecord): TextChunk[] {
  return [
    { keyword: 'parameters', text: infotextOf(record) },
    ...(record.request.upscaleOf ? [{ keyword: 'extras', text: extrasOf(record.request) }] : []),
    { keyword: ownKeyword, text: JSON.stringify({ version: ownVersion, ...record }) },
  ]
}

/** The record that our own JSON in a PNG holds; null for a file without it. Throws `bad-metadata` for a broken one. */
export function readOwnMetadata(png: Buffer): EmbeddedRecord | null {
  const chunk = readTextChunks(png).find(({ keyword }) => keyword === ownKeyword)
  return chunk ? parseOwnMetadata(chunk.text) : null
}

export function parseOwnMetadata(text: string): EmbeddedRecord {
  try {
    return recordSchema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new StudioError(
      'bad-metadata',
      `The picture's own generation data cannot be read (version ${ownVersion} was expected): ${reason}`,
      { cause: error },
    )
  }
}

const recordSchema = z
  .object({
    version: z.literal(ownVersion),
    id: z.string().min(1).max(200),
    jobId: z.string().min(1).max(200),
    createdAt: z.number().int(),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    request: generationRequestSchema.extend({
      seed: seedSchema,
      width: z.number().int().positive(),
      height: z.number().int().positive(),
    }),
    model: z.object({ id: z.string(), name: z.string(), hash: z.string() }),
    engineVersion: z.string(),
    onnxRuntimeVersion: z.string(),
    device: z.enum(devices).exclude(['auto']),
    dtype: z.enum(['float32', 'float16']),
    timings: timingsSchema,
    worker: z.string().nullable().optional(),
  })
  .transform(({ version: _, ...record }): EmbeddedRecord => record)

/** The infotext of an image, with AUTOMATIC1111's keys in its order. */
export function infotextOf({ request, model, engineVersion }: EmbeddedRecord): string {
  // Of a picture that came as a file it may be unknown how it was drawn.
  if (isFromFile(request)) return extrasOf(request)
  const parameters: Parameters = [
    ['Steps', request.steps],
    ['Sampler', request.sampler],
    ['Schedule type', request.schedule],
    ['CFG scale', request.guidanceScale],
    ['Seed', request.seed],
    ['Size', `${request.width}x${request.height}`],
    ['Model hash', model.hash.slice(0, 10)],
    ['Model', model.name],
    ...vaeParameters(request),
    ...variationParameters(request),
    [
      'Denoising strength',
      request.hires?.denoiseStrength ?? (request.initImage !== null && request.denoiseStrength),
    ],
    ...inpaintParameters(request),
    ['Clip skip', (request.clipSkip ?? 1) > 1 && request.clipSkip],
    ['ENSD', request.etaNoiseSeedDelta > 0 && request.etaNoiseSeedDelta],
    [
      'RNG',
      request.seedConvention === 'AUTOMATIC1111 CPU'
        ? 'CPU'
        : request.seedConvention === 'AUTOMATIC1111 GPU' && 'NV',
    ],
    ['Seed convention', !request.seedConvention.startsWith('AUTOMATIC1111') && request.seedConvention],
    ...samplerParameters(request),
    ...controlParameters(request),
    ...hashParameters(request),
    ...hiresParameters(request),
    ['Fast', request.fast && printFast(request.fast)],
    [
      'Branch',
      request.branch && `prediction ${request.branch.before.at(-1)!.until + 1} of ${request.branch.imageId}`,
    ],
    ...upscaleParameters(request),
    ['Edit', request.editOf && printEdit(request.editOf)],
    ['Version', `Latent Studio ${engineVersion}`],
  ]
  return printInfotext(promptWithTags(request), request.negativePrompt, written(parameters))
}

/** The prompt with the adapters of the panel as tags, the only place that AUTOMATIC1111 has for them. */
function promptWithTags({ prompt, adapters }: ResolvedRequest): string {
  const tags = adapters.map(printLoraTag).join(' ')
  if (prompt === '' || tags === '') return prompt + tags
  const endsInComment = prompt.split('\n').at(-1)!.includes('#')
  return `${prompt}${endsInComment ? '\n' : ' '}${tags}`
}

const isFromFile = ({ upscale, upscaleOf, editOf, model, prompt }: ResolvedRequest): boolean =>
  (editOf ?? upscaleOf)?.imageId === null &&
  prompt === '' &&
  (model === unknownModel || (upscaleOf !== null && model === upscale?.upscaler))

const extrasOf = (request: ResolvedRequest): string =>
  printInfotext(
    '',
    '',
    written([...upscaleParameters(request), ['Edit', request.editOf && printEdit(request.editOf)]]),
  )

const written = (parameters: Parameters): [string, string | number][] =>
  parameters.filter((pair): pair is [string, string | number] => pair[1] !== false && pair[1] !== null)

/** AUTOMATIC1111's keys of a second pass; a side that is left open is 0 there. */
function hiresParameters({ hires }: ResolvedRequest): Parameters {
  if (!hires) return []
  const { scale, width, height, prompt, negativePrompt } = hires
  const isSized = width !== null || height !== null
  return [
    ['Hires CFG Scale', hires.guidanceScale],
    ['Hires sampler', hires.sampler],
    ['Hires schedule type', hires.schedule],
    ['Hires prompt', prompt],
    ['Hires negative prompt', negativePrompt],
    ['Hires upscale', !isSized && scale],
    ['Hires resize', isSized && `${width ?? 0}x${height ?? 0}`],
    ['Hires steps', hires.steps > 0 && hires.steps],
    ['Hires upscaler', hires.upscaler],
  ]
}

/** As its extras tab writes them (scripts/postprocessing_upscale.py). */
const upscaleParameters = ({ upscale }: ResolvedRequest): Parameters =>
  upscale
    ? [
        ['Postprocess upscale by', upscale.scale],
        ['Postprocess upscaler', upscale.upscaler],
      ]
    : []

type Parameters = [string, string | number | false | null][]

/** AUTOMATIC1111 names the file, with its ending. */
function vaeParameters({ vae, files }: ResolvedRequest): Parameters {
  if (vae === null) return []
  return [
    ['VAE hash', usedFile(files, 'vae', vae)?.hash.slice(0, 10) ?? null],
    ['VAE', /\.safetensors$/i.test(vae) ? vae : `${vae}.safetensors`],
  ]
}

/** "name: digits, name: digits" as AUTOMATIC1111 lists the LoRAs and textual inversions that took part. */
function hashParameters({ files }: ResolvedRequest): Parameters {
  const list = (kind: UsedFile['kind']): string | null =>
    files
      .filter((file) => file.kind === kind)
      .map(({ name, hash, autoV3 }) => `${name.replace(/[:,]/g, '')}: ${autoV3 ?? hash.slice(0, 12)}`)
      .join(', ') || null
  return [
    ['Lora hashes', list('lora')],
    ['TI hashes', list('embedding')],
  ]
}

function variationParameters(request: ResolvedRequest): Parameters {
  const varied = request.variationStrength > 0 && request.variationSeed !== null
  const resized = request.seedResizeWidth !== null && request.seedResizeHeight !== null
  return [
    ['Variation seed', varied && request.variationSeed],
    ['Variation seed strength', varied && request.variationStrength],
    ['Seed resize from', resized && `${request.seedResizeWidth}x${request.seedResizeHeight}`],
  ]
}

function samplerParameters(request: ResolvedRequest): Parameters {
  return [
    ['Eta', request.eta],
    ['Sigma churn', request.sChurn > 0 && request.sChurn],
    ['Sigma tmin', request.sTmin > 0 && request.sTmin],
    ['Sigma tmax', request.sTmax],
    ['Sigma noise', request.sNoise !== 1 && request.sNoise],
    ['Schedule min sigma', request.sigmaMin],
    ['Schedule max sigma', request.sigmaMax],
    ['Schedule rho', request.rho],
    [
      'Discard penultimate sigma',
      request.discardPenultimateSigma === null ? null : request.discardPenultimateSigma ? 'True' : 'False',
    ],
    ['Noise Schedule', request.zeroTerminalSnr === true && 'Zero Terminal SNR'],
    ['Guidance rescale', request.guidanceRescale > 0 && request.guidanceRescale],
    ['Turbo', request.turbo && 'True'],
  ]
}
