import type { GenerationRequest } from './request.ts'

/** Models that know no text: what of a request means nothing to them. */

/** What would be said in words, lean on words, or lie over networks that such a model does not have. */
const unsaid = {
  prompt: '',
  negativePrompt: '',
  styles: [],
  prompt2: null,
  negativePrompt2: null,
  sizeConditioning: null,
  guidanceScale: 1,
  guidanceRescale: 0,
  guidanceLimit: null,
  clipSkip: null,
  adapters: [],
  vae: null,
  references: [],
  controls: [],
} satisfies Partial<GenerationRequest>

/** The request as a model without text reads it: the same picture, and nothing kept that did not decide it. */
export const withoutText = <Request extends GenerationRequest>(request: Request): Request => ({
  ...request,
  ...unsaid,
  hires: request.hires && { ...request.hires, prompt: null, negativePrompt: null, guidanceScale: null },
})

/** The fields that were given and that a model without text does not read. */
export const unreadFields = (given: Partial<Record<keyof GenerationRequest, unknown>>): string[] =>
  (Object.keys(unsaid) as (keyof typeof unsaid)[]).filter((field) => {
    const value = given[field]
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(unsaid[field])
  })
