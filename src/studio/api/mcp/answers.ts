import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/sdk/types.js'
import { toErrorRecord } from '../../../shared/errors.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Studio } from '../../studio.ts'
import { base64Of } from '../base64Of.ts'

/** An answer of texts and pictures; what fails is told to the model, which may do better. */
export async function answered(work: () => Promise<ContentBlock[]>): Promise<CallToolResult> {
  try {
    return { content: await work() }
  } catch (error) {
    const { code, message } = toErrorRecord(error)
    return { isError: true, content: [said(`${code}: ${message}`)] }
  }
}

export const said = (text: string): ContentBlock => ({ type: 'text', text })

/** A picture as a small WebP, at most 384 pixels a side. */
export const smallPicture = async (studio: Studio, { id }: ImageRecord): Promise<ContentBlock> => ({
  type: 'image',
  mimeType: 'image/webp',
  data: await base64Of(studio, `/thumbnails/${id}.webp`),
})

/** What a picture is, in few words. */
export function described({ id, createdAt, width, height, request, model }: ImageRecord): string {
  const { prompt, negativePrompt, seed, steps, sampler } = request
  return JSON.stringify({
    ...{ id, date: new Date(createdAt).toISOString(), width, height, prompt, negativePrompt },
    ...{ seed, steps, sampler, model: model.name },
  })
}
