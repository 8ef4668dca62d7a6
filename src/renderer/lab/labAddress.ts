import { useEventListener, useThrottleFn } from '@vueuse/core'
import { computed, onScopeDispose, reactive, ref, watch, type ComputedRef } from 'vue'

export const labPages = [
  'forwards',
  'steps',
  'attention',
  'unet',
  'latent',
  'race',
  'reaction',
  'training',
  'toy',
] as const
export type LabPage = (typeof labPages)[number]

/** What an experiment can be set to, as it stands in the address. */
type Fields = Record<string, string | number | boolean>
/** A switch that begins on may be off. */
type Switched<Set> = { [Name in keyof Set]: Set[Name] extends boolean ? boolean : Set[Name] }

const hash = ref(location.hash)
/** Where the Lab was left in this visit. */
let lastAddress = '#lab/forwards'

const pageOf = (address: string): LabPage =>
  labPages.find((page) => address.split('?')[0] === `#lab/${page}`) ?? 'forwards'

/** The page that the address names. Coming back to the Lab without naming one leads to where it was left. */
export function useLabPage(): ComputedRef<LabPage> {
  useEventListener(window, 'hashchange', () => (hash.value = location.hash))
  if (location.hash === '#lab') replace(lastAddress)
  hash.value = location.hash
  return computed(() => pageOf(hash.value))
}

export const addressOf = (page: LabPage): string => `#lab/${page}`

function replace(address: string): void {
  history.replaceState(null, '', address)
  lastAddress = address
}

/** Ends of numbers, and all that a text may be. */
type Allowed<Set> = {
  readonly [Name in keyof Set]?: Set[Name] extends number
    ? readonly [least: number, most: number]
    : readonly string[]
}

/**
 * The settings of a page's experiment, which the address always brings back: what differs from its default stands in it.
 * A value that is not of the default's type, or a text that is none of those allowed, is left as the default; a number is
 * brought between its ends.
 */
export function useExperiment<Set extends Fields>(
  page: LabPage,
  defaults: Set,
  allowed: Allowed<Set> = {},
): Switched<Set> {
  const found = (): Partial<Set> => read(page, defaults, allowed)
  const settings = reactive({ ...defaults, ...found() }) as Switched<Set>
  /** The address that the settings stand for: another one is about to be read, and must not be written over. */
  let known = location.hash
  const write = useThrottleFn(
    () => {
      if (location.hash !== known || !known.startsWith('#lab') || pageOf(known) !== page) return
      replace(written(page, settings, defaults))
      known = location.hash
    },
    writePace,
    true,
  )
  watch(settings, () => void write())
  // The address of a page that was chosen by its name alone.
  void write()
  useEventListener(window, 'hashchange', () => {
    known = location.hash
    if (pageOf(location.hash) === page) Object.assign(settings, { ...defaults, ...found() })
  })
  onScopeDispose(() => {
    if (pageOf(lastAddress) === page) lastAddress = written(page, settings, defaults)
  })
  return settings
}

/** Ms between two changes of the address: browsers count them. */
const writePace = 250

function read<Set extends Fields>(page: LabPage, defaults: Set, allowed: Allowed<Set>): Partial<Set> {
  const [place, query = ''] = location.hash.split('?')
  if (place !== `#lab/${page}`) return {}
  const given = [...new URLSearchParams(query)].flatMap(([name, text]) => {
    const value = name in defaults ? valueLike(defaults[name], text, allowed[name]) : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given) as Partial<Set>
}

function valueLike(
  like: Fields[string],
  text: string,
  allowed: readonly [number, number] | readonly string[] = [],
): Fields[string] | undefined {
  if (typeof like === 'boolean') return text === 'true'
  if (typeof like === 'string')
    return allowed.length === 0 || allowed.some((known) => known === text) ? text : undefined
  const number = text === '' ? NaN : Number(text)
  if (!Number.isFinite(number)) return undefined
  const [least = -Infinity, most = Infinity] = allowed.map(Number)
  return Math.min(most, Math.max(least, number))
}

function written(page: LabPage, settings: Fields, defaults: Fields): string {
  const changed = Object.entries(settings).filter(([name, value]) => value !== defaults[name])
  const query = new URLSearchParams(changed.map(([name, value]) => [name, String(value)]))
  return addressOf(page) + (changed.length > 0 ? `?${query}` : '')
}
