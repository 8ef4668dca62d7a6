import { findSampler, findSchedule, samplers, schedules } from '../../../shared/models/samplers.ts'
import { toText, type GenerationDraft } from './generationDraft.ts'

/** One spelling for what programs write differently: "DPM++ 2M", "dpmpp_2m", "sample_dpmpp_2m" and "Dpmpp-2m" are one. */
const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll('++', 'pp')
    .replace(/[\s_-]+/g, '_')
    .replace(/^(sample|k)_(?=.)/, '')
    .replace('_ancestral', '_a')

const byPlainName = <Name extends string>(
  table: readonly { name: Name; aliases: readonly string[] }[],
): ReadonlyMap<string, Name> =>
  new Map(
    table.flatMap(({ name, aliases }) => [name, ...aliases].map((known) => [plain(known), name] as const)),
  )

const plainSamplers = byPlainName(samplers)
const plainSchedules = byPlainName(schedules)
const longestName = 100

interface Method {
  sampler: string
  schedule?: string
}

/** The sampler, and the schedule where the name holds one ("euler_ancestral_karras", "DPM++ 2M Karras"). */
function findMethod(text: string): Method | undefined {
  const name = text.length > longestName ? '' : plain(text)
  const known = findSampler(text) ?? plainSamplers.get(name)
  if (known) return { sampler: known }
  for (let cut = name.lastIndexOf('_'); cut > 0; cut = name.lastIndexOf('_', cut - 1)) {
    const sampler = plainSamplers.get(name.slice(0, cut))
    const schedule = plainSchedules.get(name.slice(cut + 1))
    if (sampler && schedule) return { sampler, schedule }
  }
  return undefined
}

/** Names under which programs say that the schedule is the sampler's or the model's own. */
const ownSchedules = new Set(['', 'none', 'default', 'undefined'])
/** Names under which programs say that they do not say which sampler ran. */
const unsaidSamplers = new Set(['', 'none', 'default', 'undefined', 'unknown', '_'])

/**
 * Takes a sampler and a schedule by whatever names their program gives them. A schedule of its own goes before one
 * that is part of the sampler's name.
 */
export function setMethod(
  draft: GenerationDraft,
  sampler: { key: string; value: unknown },
  schedule?: { key: string; value: unknown },
): void {
  const written = toText(sampler.value)
  const method = written === undefined ? undefined : findMethod(written)
  if (written !== undefined && unsaidSamplers.has(written.trim().toLowerCase())) {
    draft.leave(sampler.key, written, 'the file does not name the sampler that ran')
  } else draft.set('sampler', method?.sampler ?? written, sampler.key)

  const name = toText(schedule?.value) ?? ''
  if (!schedule || ownSchedules.has(name.trim().toLowerCase()))
    draft.set('schedule', method?.schedule, sampler.key)
  else draft.set('schedule', findSchedule(name) ?? plainSchedules.get(plain(name)) ?? name, schedule.key)
}

/** A diffusers scheduler by InvokeAI's name; `_k` has Karras sigmas. */
export function setInvokeScheduler(draft: GenerationDraft, value: unknown): void {
  const name = String(value)
  const karras = name.endsWith('_k')
  const plain = karras ? name.slice(0, -2) : name
  draft.set('sampler', findSampler(plain) ?? value, 'scheduler')
  if (karras) draft.set('schedule', 'Karras', 'scheduler')
}
