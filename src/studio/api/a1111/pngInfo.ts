import { z } from 'zod'
import { checkPicture } from '../../pictures/images.ts'
import { readTexts } from '../../metadata/containers.ts'
import { parseInfotext } from '../../metadata/infotext.ts'
import { json } from './answers.ts'
import { readCall, type Call } from './readCall.ts'
import { bytesOf } from './startPicture.ts'

/** What a picture's file tells of how it was made: the text, its other texts, and the text taken apart. */
export async function pngInfo(_parts: unknown, call: Call): Promise<Response> {
  const { image } = await readCall(call, z.strictObject({ image: z.string() }))
  const bytes = bytesOf('image', image)
  await checkPicture(bytes, 'image')
  const texts = readTexts(bytes)
  const info = texts.find(({ keyword }) => keyword === 'parameters')?.text ?? ''
  const { prompt, negativePrompt, parameters } = parseInfotext(info)
  const taken = { Prompt: prompt, 'Negative prompt': negativePrompt, ...Object.fromEntries(parameters) }
  return json({
    info,
    items: Object.fromEntries(texts.map(({ keyword, text }) => [keyword, text])),
    parameters: info === '' ? {} : taken,
  })
}
