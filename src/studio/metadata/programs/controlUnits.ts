import { preprocessors, type ControlRequest, type Preprocessor } from '../../../shared/request/controls.ts'
import { givenNumber, toNumber, toText, type GenerationDraft } from './generationDraft.ts'

/** A ControlNet as a program tells of it; what is not known has its default. */
interface FoundControl extends Partial<Record<'weight' | 'start' | 'end' | 'low' | 'high', unknown>> {
  model: unknown
  /** What made the control picture, as the program calls it. */
  preprocessor?: unknown
  mode?: ControlRequest['mode']
}

/** What programs call the preprocessors that are here; all others need a network of their own. */
const preprocessorsByName: Readonly<Record<string, Preprocessor | undefined>> = {
  __proto__: null as never,
  '': 'none',
  none: 'none',
  canny: 'canny',
  canny_image_processor: 'canny',
  canny_edge_detection: 'canny',
  cannyedgepreprocessor: 'canny',
  lineart_standard: 'lineart',
  lineartstandardpreprocessor: 'lineart',
  scribble_xdog: 'scribble',
  scribble_xdog_preprocessor: 'scribble',
  threshold: 'threshold',
  binarypreprocessor: 'threshold',
  invert: 'invert',
  imageinvert: 'invert',
  blur_gaussian: 'blur',
  tile_resample: 'tile',
  tile: 'tile',
  tilepreprocessor: 'tile',
  tile_image_processor: 'tile',
  t2ia_color_grid: 'colour',
  color: 'colour',
  colorpreprocessor: 'colour',
}

/** The preprocessor that a program calls so, in brackets what it says of it; undefined: it is not here. */
export const findPreprocessor = (name: string): Preprocessor | undefined =>
  preprocessorsByName[name.replace(/ \(.*/, '').toLowerCase()]

const pictureMissing = 'is taken over as a control picture; the file does not hold that picture, so choose it'

/** Takes a ControlNet over, as far as it goes without its picture; `written` is how its own program says it. */
export function addControl(draft: GenerationDraft, found: FoundControl, key: string, written: unknown): void {
  const name = (toText(found.preprocessor) ?? '').replace(/ \(.*/, '')
  const preprocessor = findPreprocessor(name)
  const [weight, start, end] = [found.weight, found.start, found.end].map(givenNumber)
  const control = {
    model: found.model,
    image: null,
    preprocessor: preprocessor ?? 'none',
    settings: settingsOf(preprocessor ?? 'none', [found.low, found.high]),
    ...withoutUndefined({ weight, start, end, mode: found.mode }),
  }
  const made = preprocessor
    ? ''
    : ` as ${name} has made it, which is not here: a picture that is made already is taken as it is`
  draft.addControl(control, key, written, pictureMissing + made)
}

/** Numbers within the ranges of the preprocessor; what does not fit, as -1 for "not set", leaves the default. */
function settingsOf(preprocessor: Preprocessor, values: readonly unknown[]): Record<string, number> {
  const ranges = Object.entries<{ min: number; max: number }>(preprocessors[preprocessor])
  return Object.fromEntries(
    ranges.flatMap(([name, { min, max }], index) => {
      const value = toNumber(values[index])
      return typeof value === 'number' && value >= min && value <= max ? [[name, value]] : []
    }),
  )
}

const withoutUndefined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

const modes: readonly (readonly [RegExp, ControlRequest['mode']])[] = [
  [/^balanced/i, 'balanced'],
  [/prompt/i, 'prompt'],
  [/control|unbalanced/i, 'control'],
]

/** The mode by the words of any program: "My prompt is more important", "more_control". */
export const controlMode = (written: unknown): ControlRequest['mode'] | undefined =>
  modes.find(([words]) => words.test(toText(written) ?? ''))?.[1]

const isUnit = /^controlnet( \d+)?$/

/**
 * Takes over the units of sd-webui-controlnet ("ControlNet 0": "Module: canny, Model: …, Weight: 1", and as its first
 * versions wrote them), and answers the keys that are taken care of.
 */
export function readControlUnits(
  draft: GenerationDraft,
  settings: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const taken = new Set<string>()
  for (const [key, value] of settings) {
    const unit = isUnit.test(key) ? unitOf(value) : null
    if (!unit) continue
    addControl(draft, unit, key.replace('controlnet', 'ControlNet'), value)
    taken.add(key)
  }
  return taken
}

const longestUnit = 2000

function unitOf(value: string): FoundControl | null {
  const fields = new Map<string, string>()
  const pairs = value.slice(0, longestUnit).matchAll(/([A-Za-z][\w /]{0,40}): (\([^()]*\)|[^,]*)(?:,\s*|$)/g)
  for (const [, name, text] of pairs) fields.set(name.toLowerCase(), text.trim())
  const model = fields.get('model')?.replace(/ \[[0-9a-f]+\]$/i, '')
  if (model === undefined || model === '' || model === 'None') return null
  const listOf = (name: string): string[] => fields.get(name)?.match(/-?[\d.]+/g) ?? []
  const [start, end] = listOf('starting/ending')
  const [, low, high] = listOf('preprocessor params')
  return {
    model,
    preprocessor: fields.get('module') ?? fields.get('preprocessor'),
    weight: fields.get('weight'),
    start: fields.get('guidance start') ?? start,
    end: fields.get('guidance end') ?? end,
    low: fields.get('threshold a') ?? low,
    high: fields.get('threshold b') ?? high,
    mode: controlMode(fields.get('control mode')),
  }
}
