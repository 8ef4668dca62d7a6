import type { Generation } from '../../../shared/library/generation.ts'
import type { Picture } from '../picture.ts'
import { draftGeneration, noCounterpart } from './generationDraft.ts'

const jobMark = / ?Job ID: ([0-9a-f-]{36})\s*$/
const mostParameters = 50

/** Reads Midjourney's description: the prompt, parameters that only Midjourney has ("--v 6"), and the job's number. */
export function readMidjourney({ texts }: Picture): Generation | null {
  const text = texts.get('Description') ?? texts.get('xmp description')
  const job = text === undefined ? null : jobMark.exec(text.slice(-200))
  if (text === undefined || !job) return null
  const written = text.slice(0, text.length - job[0].length)
  const draft = draftGeneration('Midjourney', text)
  const [prompt, ...parameters] = ` ${written}`.split(/\s+--(?=[a-z])/)
  draft.set('prompt', prompt.trim(), 'Description')
  for (const parameter of parameters.slice(0, mostParameters)) {
    const [name, ...value] = parameter.trim().split(/\s+/)
    draft.leave(`--${name}`, value.join(' '), noCounterpart)
  }
  draft.leave('Job ID', job[1], 'names the picture at Midjourney')
  draft.leave('model', 'Midjourney', 'runs at Midjourney only, so this picture cannot be made again here')
  return draft.finish()
}
