import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { parseEmphasis } from '../../src/engine/text/emphasis.ts'
import type { Generation } from '../../src/shared/library/generation.ts'
import { findSampler, findSchedule } from '../../src/shared/models/samplers.ts'
import { readTexts } from '../../src/studio/metadata/containers.ts'
import { parseInfotext } from '../../src/studio/metadata/infotext.ts'
import { isPng, pngChunks, pngWithText, type TextChunk } from '../../src/studio/metadata/pngText.ts'
import { infotextGeneration } from '../../src/studio/metadata/programs/readA1111.ts'
import { readGeneration } from '../../src/studio/metadata/readGeneration.ts'
import { parseObject } from '../../src/studio/metadata/tolerantJson.ts'
import { exactCase, type Expectation } from './exact.ts'
import { headerKind, type CaseResult, type GoldenKind } from './kind.ts'

interface ImageCase {
  file: string
  bytes?: number
  width?: number
  height?: number
  pixels_rgb_sha256?: string
  text_chunks?: [type: string, keyword: string][] | null
  source: string
  text?: string | null
  parsed_by_a1111?: Record<string, unknown>
  prompt_text?: string
  workflow_text?: string
  metadata_text?: string
  expected?: Record<string, unknown>
}

/** Kind G: pictures of other programs, and what their generation data says. */
export const imageFiles: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('G '),
  async *run({ json, folder, path }) {
    const files = (json as { files: ImageCase[] }).files
    const beside = path.replace(/\.json$/, '')
    for (const expected of files) {
      const found = [beside, join(folder, 'G_images'), folder]
        .map((place) => join(place, expected.file))
        .find(existsSync)
      if (found) yield await imageCase(expected, readFileSync(found))
      else
        yield exactCase('G', `G ${expected.file}`, [
          { what: 'file', found: 'not there', expected: expected.file },
        ])
    }
  },
}

async function imageCase(expected: ImageCase, file: Buffer): Promise<CaseResult> {
  const texts = readTexts(file)
  const generation = readGeneration(file)
  return exactCase('G', `G ${expected.file}`, [
    ...(await fileExpectations(expected, file)),
    ...textExpectations(expected, texts, file),
    ...a1111Expectations(expected, texts),
    ...requestExpectations(expected, texts, generation),
  ])
}

async function fileExpectations(expected: ImageCase, file: Buffer): Promise<Expectation[]> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const found: Partial<ImageCase> = {
    bytes: file.length,
    width: info.width,
    height: info.height,
    pixels_rgb_sha256: createHash('sha256').update(data).digest('hex'),
    text_chunks: isPng(file) ? chunkList(file) : null,
  }
  return given(expected, found)
}

const textTypes = new Set(['tEXt', 'zTXt', 'iTXt'])
const chunkList = (png: Buffer): [string, string][] =>
  [...pngChunks(png)]
    .filter(({ type }) => textTypes.has(type))
    .map(({ type, data }) => [type, data.subarray(0, data.indexOf(0)).toString('latin1')])

/** Compares the fields that the case has. */
const given = (expected: object, found: object): Expectation[] =>
  Object.entries(found)
    .filter(([field]) => Object.hasOwn(expected, field))
    .map(([field, value]) => ({
      what: field,
      found: value as unknown,
      expected: (expected as Record<string, unknown>)[field],
    }))

function textExpectations(expected: ImageCase, texts: readonly TextChunk[], file: Buffer): Expectation[] {
  const textOf = (keyword: string) => texts.find((chunk) => chunk.keyword === keyword)?.text ?? null
  const expectations = given(expected, {
    prompt_text: textOf('prompt'),
    workflow_text: textOf('workflow'),
    metadata_text: textOf('invokeai_metadata'),
  })
  // The text of a NovelAI file is what AUTOMATIC1111 makes of it; the request is compared instead.
  if (Object.hasOwn(expected, 'text') && !isNovelAi(texts)) {
    expectations.push({ what: 'text', found: textOf('parameters'), expected: expected.text })
  }
  if (isPng(file) && expected.source === 'A1111') {
    const [parameters] = texts
    const written = pngWithText(file, [parameters]).subarray(0, file.length)
    expectations.push({
      what: 'written as',
      found: chunkList(written)[0],
      expected: expected.text_chunks?.[0],
    })
  }
  return expectations
}

const isNovelAi = (texts: readonly TextChunk[]): boolean =>
  texts.some(({ keyword, text }) => keyword === 'Software' && text === 'NovelAI')

function a1111Expectations(
  { parsed_by_a1111: expected }: ImageCase,
  texts: readonly TextChunk[],
): Expectation[] {
  if (!expected) return []
  const text = texts.find(({ keyword }) => keyword === 'parameters')?.text ?? ''
  return [{ what: 'parsed_by_a1111', found: sorted(withDefaults(text)), expected: sorted(expected) }]
}

const sorted = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))

/** What AUTOMATIC1111 fills in for keys that an infotext leaves out. */
const a1111Defaults = {
  'Clip skip': '1',
  'Hires resize-1': 0,
  'Hires resize-2': 0,
  'Hires sampler': 'Use same sampler',
  'Hires schedule type': 'Use same scheduler',
  'Hires checkpoint': 'Use same checkpoint',
  'Hires prompt': '',
  'Hires negative prompt': '',
  'Mask mode': 'Inpaint masked',
  'Masked content': 'original',
  'Inpaint area': 'Whole picture',
  'Masked area padding': 32,
  RNG: 'GPU',
  'Schedule type': 'Automatic',
  'Schedule max sigma': 0,
  'Schedule min sigma': 0,
  'Schedule rho': 0,
  'VAE Encoder': 'Full',
  'VAE Decoder': 'Full',
  'FP8 weight': 'Disable',
  'Refiner switch by sampling steps': false,
}

function withDefaults(text: string): Record<string, unknown> {
  const { prompt, negativePrompt, parameters } = parseInfotext(text)
  const usesEmphasis = [...parseEmphasis(prompt), ...parseEmphasis(negativePrompt)].some(
    ({ text, weight }) => weight !== 1 && text !== 'BREAK',
  )
  const hypernet = parameters.get('Hypernet')
  const strength = parameters.get('Hypernet strength') ?? '1.0'
  return {
    ...a1111Defaults,
    ...(usesEmphasis ? { Emphasis: 'Original' } : {}),
    ...((parameters.get('FP8 weight') ?? 'Disable') === 'Disable'
      ? {}
      : { 'Cache FP16 weight for LoRA': false }),
    ...Object.fromEntries(parameters),
    ...oldWays(parameters, prompt),
    Prompt: hypernet === undefined ? prompt : `${prompt}<hypernet:${hypernet}:${strength}>`,
    'Negative prompt': negativePrompt,
  }
}

/** Switches that an old version turns on (infotext_versions.backcompat). */
function oldWays(parameters: ReadonlyMap<string, string>, prompt: string): Record<string, true> {
  const numbers = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-(\d+))?(?:-.*)?$/.exec(parameters.get('Version') ?? '')
  if (!numbers) return {}
  const version = numbers.slice(1).reduce((sum, number) => sum * 10_000 + Number(number ?? 0), 0)
  const before = (major: number, minor: number, build = 0) =>
    version < (major * 10_000 + minor) * 10_000 * 10_000 + build
  const switches = {
    'Old prompt editing timelines': before(1, 6) && prompt.includes('['),
    'Pad conds v0': before(1, 6) && ['DDIM', 'PLMS'].includes(parameters.get('Sampler') ?? ''),
    'Downcast alphas_cumprod': before(1, 7, 225),
    'Refiner switch by sampling steps': before(1, 8) && parameters.has('Refiner'),
  }
  return Object.fromEntries(Object.entries(switches).filter(([, on]) => on)) as Record<string, true>
}

/** How the fields of other programs read as fields of a request. */
const requestFields: Record<string, (request: Generation['request']) => unknown> = {
  positive: ({ prompt }) => prompt,
  positive_prompt: ({ prompt }) => prompt,
  description: ({ prompt }) => prompt,
  negative: ({ negativePrompt }) => negativePrompt,
  negative_prompt: ({ negativePrompt }) => negativePrompt,
  uc: ({ negativePrompt }) => negativePrompt,
  seed: ({ seed }) => seed,
  steps: ({ steps }) => steps,
  cfg: ({ guidanceScale }) => guidanceScale,
  cfg_scale: ({ guidanceScale }) => guidanceScale,
  scale: ({ guidanceScale }) => guidanceScale,
  cfg_rescale_multiplier: ({ guidanceRescale }) => guidanceRescale,
  width: ({ width }) => width,
  height: ({ height }) => height,
  denoise: ({ denoiseStrength }) => denoiseStrength ?? 1,
}

function requestExpectations(
  { expected, text }: ImageCase,
  texts: readonly TextChunk[],
  generation: Generation | null,
): Expectation[] {
  if (text === null) return [{ what: 'generation', found: generation, expected: null }]
  if (!expected) return []
  const flat = { ...expected, ...(expected.image as object | undefined) } as Record<string, unknown>
  const request = generation?.request ?? {}
  // What the limits of a request refuse has been read too: it is named among what could not be mapped.
  const left = (field: string) => generation?.unmapped.find(({ key }) => key === field)?.value
  const fields = Object.entries(requestFields)
    .filter(([field]) => (flat[field] ?? null) !== null)
    .map(([field, read]) => ({
      what: field,
      found: left(field) ?? String(read(request)),
      expected: String(flat[field]),
    }))
  return [
    ...fields,
    ...methodExpectations(flat, request),
    ...modelExpectations(flat, generation),
    ...rawExpectations(expected, texts),
    ...(text && isNovelAi(texts) ? novelAiExpectations(text, request) : []),
  ]
}

/** Sampler and schedule by the program's own names; InvokeAI's `_k` are Karras sigmas, NovelAI's `k_` means nothing. */
function methodExpectations(flat: Record<string, unknown>, request: Generation['request']): Expectation[] {
  const isComfy = Object.hasOwn(flat, 'sampler_name')
  const name = String(flat.sampler_name ?? flat.sampler ?? flat.scheduler).replace(/^k_/, '')
  const karras = !isComfy && name.endsWith('_k')
  const schedule = isComfy ? findSchedule(String(flat.scheduler)) : karras ? 'Karras' : undefined
  return [
    { what: 'sampler', found: request.sampler, expected: findSampler(karras ? name.slice(0, -2) : name) },
    { what: 'schedule', found: request.schedule, expected: schedule },
  ]
}

function modelExpectations(flat: Record<string, unknown>, generation: Generation | null): Expectation[] {
  const model = flat.model as { name?: string } | string | undefined
  const name = flat.ckpt_name ?? flat.model_id ?? (typeof model === 'object' ? model.name : undefined)
  return name === undefined ? [] : [{ what: 'model', found: generation?.model?.name, expected: name }]
}

/** The program's own record, read from the file field by field. */
function rawExpectations(expected: Record<string, unknown>, texts: readonly TextChunk[]): Expectation[] {
  const chunk = texts.find(({ keyword }) => ['invokeai_metadata', 'sd-metadata', 'Comment'].includes(keyword))
  const raw = chunk && parseObject(chunk.text)
  if (!raw) return []
  const { description: _, ...fields } = expected
  return Object.entries(fields).map(([field, value]) => ({
    what: `record ${field}`,
    found: raw[field],
    expected: value,
  }))
}

/** AUTOMATIC1111 turns a NovelAI file into an infotext; ours must come to the same request. */
function novelAiExpectations(text: string, request: Generation['request']): Expectation[] {
  const theirs = infotextGeneration(parseInfotext(text), text).request
  return Object.entries(theirs).map(([field, value]) => ({
    what: `as AUTOMATIC1111: ${field}`,
    found: request[field as keyof typeof request],
    expected: value,
  }))
}
