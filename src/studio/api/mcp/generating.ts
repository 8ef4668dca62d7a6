import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { limits } from '../../../shared/request/limits.ts'
import { sayNote } from '../../../shared/request/requestNotes.ts'
import type { Studio } from '../../studio.ts'
import { drawPictures } from '../drawPictures.ts'
import { answered, described, said, smallPicture } from './answers.ts'

const size = z.number().int().min(limits.size.min).max(limits.size.max).multipleOf(limits.size.multipleOf)
const inputSchema = {
  prompt: z.string().min(1).max(limits.promptLength).describe('What the picture shows, in English.'),
  negative_prompt: z.string().max(limits.promptLength).optional().describe('What it must not show.'),
  model: z
    .string()
    .min(1)
    .optional()
    .describe('The id of a model from list_models; the first one otherwise.'),
  width: size.optional().describe('Pixels, a multiple of 8; the size the model draws best otherwise.'),
  height: size.optional().describe('Likewise.'),
  steps: z.number().int().min(limits.steps.min).max(limits.steps.max).optional(),
  seed: z.number().int().min(0).optional().describe('The same seed and settings give the same picture.'),
}

export function addGenerating(server: McpServer, studio: Studio): void {
  const about = {
    title: 'Generate a picture',
    description:
      'Draws one picture from a prompt on this machine and keeps it in the library. It takes seconds to minutes. Answers which model drew at which size, the id of the picture, and a small version of it.',
    inputSchema,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  }
  server.registerTool('generate', about, (asked, { signal }) =>
    answered(async () => {
      const { prompt, negative_prompt: negativePrompt, model, ...others } = asked
      const request = { prompt, negativePrompt, model: model ?? (await firstModel(studio)), ...others }
      const notes = await studio.calls.notes(request)
      const [picture] = await drawPictures(studio, request, { signal })
      const { width, height, model: drew } = picture
      return [
        said(`${drew.name} drew it at ${width}x${height} pixels. ${described(picture)}`),
        ...notes.map((note) => said(sayNote(note))),
        await smallPicture(studio, picture),
      ]
    }),
  )
}

async function firstModel(studio: Studio): Promise<string | undefined> {
  return (await studio.calls.models()).find(({ info }) => info !== null)?.id
}
