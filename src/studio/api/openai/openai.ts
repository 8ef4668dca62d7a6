import type { ImageRecord } from '../../../shared/library/history.ts'
import type { ModelRecord } from '../../../shared/models/models.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import { keyAsks, studioAs } from '../../jobs/queue/asking.ts'
import type { Studio } from '../../studio.ts'
import { ApiError } from '../apiError.ts'
import { requireScope, type ApiGate } from '../apiGate.ts'
import type { Scope } from '../apiKeys.ts'
import { drawPictures } from '../drawPictures.ts'
import type { SignedPictures } from '../signedPictures.ts'
import { eventStream, json, sendError } from './answers.ts'
import { base64Of } from '../base64Of.ts'
import { partialImages } from './partialImages.ts'
import { readCall } from './readCall.ts'
import { editSchema, generationSchema, idleFields, variationSchema, type Asked } from './schemas.ts'
import { sizeLike, startPictures } from './startPictures.ts'

/** OpenAI's Images API, version 1, over the studio: what its clients ask is drawn here, by the models of the studio. */

interface Parts {
  studio: Studio
  gate: ApiGate
  pictures: SignedPictures
}

/** A call that was let in. */
interface Call {
  request: Request
  /** What the path names. */
  name: string
  mostBytes: number
}

type Answer = (parts: Parts, call: Call) => Promise<Response>

const drawing: readonly Scope[] = ['generate']
const looking: readonly Scope[] = ['generate', 'read']
const routes: readonly { method: string; path: RegExp; scopes: readonly Scope[]; answer: Answer }[] = [
  { method: 'GET', path: /^\/v1\/models$/, scopes: looking, answer: listModels },
  { method: 'GET', path: /^\/v1\/models\/(.+)$/, scopes: looking, answer: showModel },
  { method: 'POST', path: /^\/v1\/images\/generations$/, scopes: drawing, answer: generate },
  { method: 'POST', path: /^\/v1\/images\/edits$/, scopes: drawing, answer: edit },
  { method: 'POST', path: /^\/v1\/images\/variations$/, scopes: drawing, answer: vary },
]

/** Answers everything below /v1/ to who has a key. */
export function createOpenAi(parts: Parts): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const { pathname } = new URL(request.url)
      const signed = parts.pictures.pathOf(request)
      if (signed !== null) return await parts.studio.assets(new Request(new URL(signed, request.url)))
      const caller = await parts.gate.callerOf(request)
      const route = routes.find(({ method, path }) => method === request.method && path.test(pathname))
      if (!route) throw new ApiError(404, `There is nothing at ${request.method} ${pathname}.`)
      requireScope(caller, route.scopes)
      const name = decodeURIComponent(route.path.exec(pathname)![1] ?? '')
      const studio = studioAs(parts.studio, keyAsks(caller))
      return await route.answer({ ...parts, studio }, { request, name, mostBytes: caller.mostBytes })
    } catch (error) {
      return sendError(error)
    }
  }
}

const asModel = ({ id }: ModelRecord) => ({ id, object: 'model', created: 0, owned_by: 'latent-studio' })
const usable = async (studio: Studio): Promise<ModelRecord[]> =>
  (await studio.calls.models()).filter(({ info }) => info !== null)

async function listModels({ studio }: Parts): Promise<Response> {
  return json({ object: 'list', data: (await usable(studio)).map(asModel) })
}

async function showModel({ studio }: Parts, { name }: Call): Promise<Response> {
  return json(asModel(await findModel(studio, name)))
}

async function findModel(studio: Studio, name: string): Promise<ModelRecord> {
  const models = await usable(studio)
  const found = models.find((model) => model.id === name) ?? models.find((model) => model.name === name)
  if (found) return found
  const names = models.map(({ id }) => id).join(', ')
  throw new ApiError(404, `There is no model "${name}"; there are ${names}.`, { param: 'model' })
}

/** OpenAI's own models, which clients ask for unless they are told otherwise: the studio's first one draws. */
const isOpenAis = (name: string): boolean => /^(?:dall-e|gpt-image|chatgpt-image)/.test(name)

async function chooseModel(studio: Studio, name: string | null | undefined) {
  if (name && !isOpenAis(name)) return { model: await findModel(studio, name), warnings: [] }
  const [model] = await usable(studio)
  if (!model) throw new ApiError(404, 'There is no model to draw with.', { param: 'model' })
  return { model, warnings: name ? [`model: "${name}" is not here; ${model.id} draws.`] : [] }
}

async function generate(parts: Parts, { request, mostBytes }: Call): Promise<Response> {
  const { said, files } = await readCall(request, generationSchema, mostBytes)
  if (files.size > 0) throw new ApiError(422, 'Files belong to /v1/images/edits.')
  const { model, warnings } = await chooseModel(parts.studio, said.model)
  return answerWith(parts, request, { said, warnings, model, kind: 'image_generation', part: sizeOf(said) })
}

async function edit(parts: Parts, { request, mostBytes }: Call): Promise<Response> {
  const { said, files } = await readCall(request, editSchema, mostBytes)
  const { model, warnings } = await chooseModel(parts.studio, said.model)
  const { part: start, first } = await startPictures(parts.studio, files, model.info!)
  const part = {
    ...sizeLike(first, model.info!),
    ...sizeOf(said),
    ...start,
    denoiseStrength: said.strength ?? undefined,
  }
  return answerWith(parts, request, { said, warnings, model, kind: 'image_edit', part })
}

async function vary(parts: Parts, { request, mostBytes }: Call): Promise<Response> {
  const { said, files } = await readCall(request, variationSchema, mostBytes)
  const { model, warnings } = await chooseModel(parts.studio, said.model)
  const { part: start, first } = await startPictures(parts.studio, files, model.info!)
  const part = {
    ...sizeLike(first, model.info!),
    ...sizeOf(said),
    ...start,
    denoiseStrength: said.strength ?? undefined,
  }
  return answerWith(parts, request, {
    said: { ...said, prompt: '' },
    warnings,
    model,
    kind: 'image_edit',
    part,
  })
}

function sizeOf({ size }: Partial<Asked>): { width?: number; height?: number } {
  if (!size || size === 'auto') return {}
  const [width, height] = size.split('x').map(Number)
  return { width, height }
}

interface Drawing {
  said: Partial<Asked> & { prompt: string }
  warnings: readonly string[]
  model: ModelRecord
  kind: 'image_generation' | 'image_edit'
  /** The request's size and what it starts from. */
  part: Partial<GenerationRequestInput>
}

async function answerWith(parts: Parts, request: Request, drawing: Drawing): Promise<Response> {
  const { said, model, part } = drawing
  const asked: GenerationRequestInput = {
    prompt: said.prompt,
    negativePrompt: said.negative_prompt ?? undefined,
    seed: said.seed ?? undefined,
    steps: said.steps ?? undefined,
    model: model.id,
    batchSize: said.n ?? 1,
    ...part,
  }
  const { signal } = request
  const warnings = [...drawing.warnings, ...idleFields(said)]
  if (said.stream)
    return eventStream(partialImages(parts.studio, asked, { said, warnings, kind: drawing.kind, signal }))
  const images = await drawPictures(parts.studio, asked, { signal })
  return json({
    created: Math.floor(Date.now() / 1000),
    data: await Promise.all(images.map((image) => dataOf(parts, image, said))),
    ...(warnings.length > 0 && { warnings }),
  })
}

/** OpenAI's newer models answer with the picture itself, the older ones with its address, unless they are told. */
async function dataOf(parts: Parts, { id }: ImageRecord, said: Partial<Asked>) {
  const ending = { png: 'png', jpeg: 'jpg', webp: 'webp' }[said.output_format ?? 'png']
  const inline =
    (said.response_format ?? (said.model?.includes('gpt-image') ? 'b64_json' : 'url')) === 'b64_json'
  const path = `/images/${id}.${ending}`
  return inline ? { b64_json: await base64Of(parts.studio, path) } : { url: parts.pictures.addressOf(path) }
}
