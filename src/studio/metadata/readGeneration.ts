import { StudioError } from '../../shared/errors.ts'
import type { Generation } from '../../shared/generation.ts'
import { readTexts } from './containers.ts'
import { ownKeyword, parseOwnMetadata } from './imageMetadata.ts'
import { parseInfotext } from './infotext.ts'
import { isPng, pngSize } from './pngText.ts'
import { readA1111 } from './readA1111.ts'
import { readComfy } from './readComfy.ts'
import { readFooocus } from './readFooocus.ts'
import { readInvoke, readInvoke2 } from './readInvoke.ts'
import { readNovelAi } from './readNovelAi.ts'
import { isStableDiffusionCpp, readStableDiffusionCpp } from './readStableDiffusionCpp.ts'
import { readSwarm } from './readSwarm.ts'
import { parseObject } from './tolerantJson.ts'

const longestText = 4 * 1024 * 1024

/**
 * How a picture was made, from what Latent Studio, AUTOMATIC1111, Forge, ComfyUI, InvokeAI, SwarmUI, Fooocus,
 * NovelAI or stable-diffusion.cpp left in the file; also from a text file with an infotext or a ComfyUI graph.
 * null for a file that tells nothing. Throws `bad-metadata` for data that is there and cannot be read.
 */
export function readGeneration(file: Buffer): Generation | null {
  const texts = new Map<string, string>()
  for (const { keyword, text } of readTexts(file)) if (!texts.has(keyword)) texts.set(keyword, text)
  if (texts.size === 0) return readTextFile(file)
  const long = [...texts].find(([, text]) => text.length > longestText)
  if (long)
    throw new StudioError(
      'bad-metadata',
      `The text "${long[0]}" in this file is longer than 4 MiB, so it was not read.`,
    )
  return (
    readOwn(texts.get(ownKeyword)) ??
    readParameters(texts, isPng(file)) ??
    readKeyed(texts) ??
    readNovel(texts, file)
  )
}

type Texts = ReadonlyMap<string, string>

function readOwn(text: string | undefined): Generation | null {
  if (text === undefined) return null
  const { request, model } = parseOwnMetadata(text)
  return {
    source: 'Latent Studio',
    request,
    model: { name: model.name, hash: model.hash },
    unmapped: [],
    text,
  }
}

/** Four programs write under the keyword `parameters`; elsewhere than in PNG so do cameras. */
function readParameters(texts: Texts, trusted: boolean): Generation | null {
  const text = texts.get('parameters')
  if (text === undefined) return null
  const swarm = text.includes('sui_image_params') ? parseObject(text) : undefined
  if (swarm?.sui_image_params) return readSwarm(swarm, text)
  const scheme = texts.get('fooocus_scheme')
  const fooocus = scheme === 'fooocus' ? parseObject(text) : undefined
  if (fooocus) return readFooocus(fooocus, text)
  if (isStableDiffusionCpp(text)) return readStableDiffusionCpp(text)
  const infotext = parseInfotext(text)
  if (!trusted && !infotext.parameters.has('Steps')) return null
  return readA1111(infotext, text, scheme === 'a1111' ? 'Fooocus' : undefined)
}

function readKeyed(texts: Texts): Generation | null {
  const invoke = texts.get('invokeai_metadata')
  if (invoke !== undefined) return readInvoke(requireObject(invoke, 'invokeai_metadata'), invoke)
  const invoke2 = texts.get('sd-metadata')
  if (invoke2 !== undefined) return readInvoke2(requireObject(invoke2, 'sd-metadata'), invoke2)
  const comfy = texts.get('prompt')
  if (comfy !== undefined) return readComfy(comfy)
  const workflow = texts.get('workflow')
  if (workflow === undefined) return null
  const unmapped = [
    { key: 'workflow', value: workflow, reason: 'the file holds the drawn graph but not the one that ran' },
  ]
  return { source: 'ComfyUI', request: {}, model: null, unmapped, text: workflow }
}

function requireObject(text: string, keyword: string) {
  const object = parseObject(text)
  if (object) return object
  throw new StudioError(
    'bad-metadata',
    `The text "${keyword}" in this file should be a JSON object and is not.`,
  )
}

function readNovel(texts: Texts, file: Buffer): Generation | null {
  const comment = texts.get('Comment')
  if (comment === undefined || texts.get('Software') !== 'NovelAI') return null
  return readNovelAi(requireObject(comment, 'Comment'), texts.get('Description'), pngSize(file), comment)
}

/** A file that is no picture but text: what would stand in a picture. */
function readTextFile(file: Buffer): Generation | null {
  if (file.length > longestText || file.includes(0) || isPng(file)) return null
  const text = file.toString('utf8')
  if (text.trimStart().startsWith('{')) {
    return readParameters(new Map([['parameters', text]]), false) ?? readComfy(text)
  }
  return readParameters(new Map([['parameters', text]]), false)
}
