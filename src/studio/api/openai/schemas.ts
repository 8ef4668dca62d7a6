import { z } from 'zod'
import { limits } from '../../../shared/request/limits.ts'

/**
 * What the calls of OpenAI's Images API may say (https://platform.openai.com/docs/api-reference/images), and, beyond it,
 * `negative_prompt`, `seed`, `steps` and `strength`.
 */

const size = z
  .string()
  .regex(/^(?:auto|\d{1,5}x\d{1,5})$/, 'must be like 512x512, or auto')
  .nullish()

const common = {
  model: z.string().nullish(),
  n: z.coerce.number().int().min(1).max(10).nullish(),
  size,
  response_format: z.enum(['url', 'b64_json']).nullish(),
  output_format: z.enum(['png', 'jpeg', 'webp']).nullish(),
  user: z.string().nullish(),
  negative_prompt: z.string().max(limits.promptLength).nullish(),
  seed: z.coerce.number().int().min(0).nullish(),
  steps: z.coerce.number().int().min(limits.steps.min).max(limits.steps.max).nullish(),
}

/** Known to the API, and without a counterpart here: what they say has no effect, which is told. */
const idle = {
  background: z.string().nullish(),
  moderation: z.string().nullish(),
  output_compression: z.coerce.number().nullish(),
  quality: z.string().nullish(),
  style: z.string().nullish(),
  input_fidelity: z.string().nullish(),
  safety_identifier: z.string().nullish(),
}

const streamed = {
  stream: z.union([z.boolean(), z.stringbool()]).nullish(),
  partial_images: z.coerce.number().int().min(0).max(3).nullish(),
}

const prompt = z.string().min(1, 'must not be empty').max(limits.promptLength)
const strength = z.coerce.number().min(0).max(1).nullish()

export const generationSchema = z.strictObject({ ...common, ...idle, ...streamed, prompt })
export const editSchema = z.strictObject({ ...common, ...idle, ...streamed, prompt, strength })
export const variationSchema = z.strictObject({ ...common, strength })

export type Asked = z.output<typeof editSchema>

/** What was said and has no effect, in words. */
export const idleFields = (asked: Partial<Asked>): string[] =>
  Object.keys(idle)
    .filter(
      (name) => !['auto', 'standard', null, undefined].includes(asked[name as keyof typeof idle] as never),
    )
    .map((name) => `${name}: has no effect here.`)
