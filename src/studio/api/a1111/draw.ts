import { sayNote } from '../../../shared/request/requestNotes.ts'
import { normalSeed } from '../../../shared/request/seed.ts'
import { limits } from '../../../shared/request/limits.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import type { Studio } from '../../studio.ts'
import { base64Of } from '../base64Of.ts'
import { picturesOf } from '../drawPictures.ts'
import { badField, json } from './answers.ts'
import type { Calls } from './calls.ts'
import { controlsOf } from './controlNet.ts'
import { infoOf, type Asked, type OwnPart } from './info.ts'
import type { Options, OptionsFile } from './options.ts'
import { readCall, type Call } from './readCall.ts'
import {
  clientFields,
  defaults,
  img2imgSchema,
  txt2imgSchema,
  type CommonCall,
  type PictureCall,
} from './schemas.ts'
import { startOf } from './startPicture.ts'
import { hiresOf, toRequest } from './toRequest.ts'

export interface Parts {
  studio: Studio
  options: OptionsFile
  calls: Calls
}

export async function txt2img(parts: Parts, call: Call): Promise<Response> {
  const said = await readCall(call, txt2imgSchema)
  return draw(parts, call, {
    said,
    kind: 'txt2img',
    part: async (options, say) => ({ hires: hiresOf(said, options.model.info!, say) }),
  })
}

export async function img2img(parts: Parts, call: Call): Promise<Response> {
  const said = await readCall(call, img2imgSchema)
  return draw(parts, call, { said, kind: 'img2img', part: () => startOf(parts.studio, said) })
}

interface Drawing {
  said: CommonCall & Partial<PictureCall>
  kind: 'txt2img' | 'img2img'
  /** What only this kind of call has in its request. */
  part: (options: Options, say: (warning: string) => void) => Promise<OwnPart>
}

async function draw(
  { studio, options: file, calls }: Parts,
  { request, caller }: Call,
  { said, kind, part }: Drawing,
): Promise<Response> {
  const warnings: string[] = []
  const say = (warning: string): void => void warnings.push(warning)
  const override = said.override_settings ?? {}
  const options = await file.with(override)
  const asked = {
    ...toRequest(said, options, say),
    ...(await part(options, say)),
    controls: await controlsOf(studio, said, say),
  }
  for (const note of await studio.calls.notes(asked)) say(sayNote(note))
  const iterations = said.n_iter ?? 1
  if (iterations * asked.batchSize > limits.batchSize.max)
    throw badField(
      'n_iter',
      `with batch_size it makes ${iterations * asked.batchSize} pictures; at most ${limits.batchSize.max} may be asked for at once`,
    )
  if (said.override_settings_restore_afterwards === false) await file.change(override, ['override_settings'])
  const startedAt = Date.now()
  const queue = Array.from(
    { length: iterations },
    (_, index) => () => studio.calls.enqueue(iteration(asked, index)),
  )
  const jobs = await calls.run(caller.id, request.signal, queue)
  const images = (await Promise.all(jobs.map((job) => picturesOf(studio, job)))).flat()
  if (jobs.some(({ state }) => state !== 'done')) say('Stopped before all pictures were drawn.')
  const ignored = clientFields.filter((name) => (said as Record<string, unknown>)[name] !== undefined)
  if (ignored.length > 0)
    say(`${ignored.join(', ')}: fields that say nothing to AUTOMATIC1111, and nothing here.`)
  return json({
    images:
      (said.send_images ?? true)
        ? await Promise.all(images.map(({ id }) => base64Of(studio, `/images/${id}.${options.format}`)))
        : [],
    parameters: parametersOf(said, kind, asked),
    info: JSON.stringify(await infoOf(studio, { asked, images, startedAt, warnings })),
  })
}

/** Seeds go on from one iteration to the next. */
function iteration(asked: Asked, index: number): GenerationRequestInput {
  if (index === 0) return asked
  const later = (seed: string | number): string | number =>
    normalSeed(BigInt(seed) + BigInt(index * asked.batchSize))
  const isVaried = asked.variationStrength > 0 && asked.variationSeed !== null
  return {
    ...asked,
    ...(isVaried ? { variationSeed: later(asked.variationSeed!) } : { seed: later(asked.seed) }),
  }
}

/** The call with what was taken where it said nothing; pictures only where it asks for them. */
function parametersOf(said: Drawing['said'], kind: Drawing['kind'], asked: Asked): Record<string, unknown> {
  const own = Object.entries(said).filter(
    ([name, value]) => value !== undefined && !clientFields.includes(name),
  )
  return {
    ...defaults.common,
    ...defaults[kind],
    ...{ steps: asked.steps, cfg_scale: asked.guidanceScale, width: asked.width, height: asked.height },
    ...Object.fromEntries(own),
    ...{ sampler_name: asked.sampler, scheduler: asked.schedule },
    ...(kind === 'img2img' && !said.include_init_images && { init_images: null, mask: null }),
  }
}
