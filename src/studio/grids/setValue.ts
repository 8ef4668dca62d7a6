import {
  gridParameter,
  readStartPicture,
  type GridParameter,
  type GridValueKind,
} from '../../shared/grids/gridParameters.ts'
import { loraTags } from '../../shared/prompt/loraTags.ts'
import type { GenerationRequestInput } from '../../shared/request/request.ts'
import { splitFusedName } from '../../shared/models/samplers.ts'
import { listValues, readOrder } from './axisValues.ts'

/**
 * A request with one parameter as an axis has it. `values` are all of the axis: the first is what "Prompt S/R" searches,
 * and the LoRAs of an axis take each other's place. Throws an Error that says what does not fit.
 */
export function setValue(
  request: GenerationRequestInput,
  parameter: GridParameter,
  value: string,
  values: readonly string[],
): GenerationRequestInput {
  const special = specials[parameter]
  if (special) return special(request, value, values)
  const { field, kind, open } = gridParameter(parameter)
  const isOpen = open !== undefined && ['automatic', 'auto', 'none', 'default'].includes(value.toLowerCase())
  return setField(request, field!, isOpen ? null : read(value, kind))
}

function read(value: string, kind: GridValueKind): unknown {
  if (kind === 'switch') return value === 'true'
  // Seeds beyond a double's exact range stay texts.
  if (kind === 'integer' && /^\d{16,20}$/.test(value)) return value
  return kind === 'text' ? value : readNumber(value)
}

function readNumber(value: string): number {
  const number = value.trim() === '' ? NaN : Number(value)
  if (Number.isFinite(number)) return number
  throw new Error('must be a number')
}

function setField(request: GenerationRequestInput, field: string, value: unknown): GenerationRequestInput {
  const inHires = /^hires\.(.*)/.exec(field)?.[1]
  if (inHires === undefined) return { ...request, [field]: value }
  if (!request.hires) throw new Error('Hires. fix is off: turn it on first')
  const hires: object = { ...request.hires, [inHires]: value }
  return { ...request, hires }
}

type SetValue = (
  request: GenerationRequestInput,
  value: string,
  values: readonly string[],
) => GenerationRequestInput

/** Parameters that are more than a field. */
const specials: Partial<Record<GridParameter, SetValue>> = {
  promptSearch: (request, value, [search]) => ({
    ...request,
    prompt: request.prompt?.replaceAll(search, () => value),
    negativePrompt: request.negativePrompt?.replaceAll(search, () => value),
  }),
  promptOrder: (request, value) => ({ ...request, prompt: ordered(request.prompt ?? '', readOrder(value)) }),
  styles: (request, value) => ({
    ...request,
    styles: [...(request.styles ?? []), ...listValues(value).filter((name) => name !== '')],
  }),
  sampler(request, value) {
    const { sampler, schedule } = splitFusedName(value) ?? { sampler: value }
    return { ...request, sampler, ...(schedule && { schedule }) }
  },
  lora(request, value, values) {
    const ofAxis = values.map((one) => readLora(one)?.name)
    const others = (request.adapters ?? []).filter(({ name }) => !ofAxis.includes(name))
    const lora = readLora(value)
    return { ...request, adapters: lora ? [...others, lora] : others }
  },
  loraStrength: (request, value) => ({
    ...request,
    adapters: (request.adapters ?? []).map((adapter) => ({
      ...adapter,
      unet: readNumber(value),
      text: readNumber(value),
    })),
  }),
  size(request, value) {
    const [, width, height] = /^(\d+)\s*[x×]\s*(\d+)$/i.exec(value) ?? []
    if (!width || !height) throw new Error('must be like 512x768')
    return { ...request, width: Number(width), height: Number(height) }
  },
  startPicture(request, value) {
    const picture = readStartPicture(value)
    if (!picture) throw new Error('must be the name of a picture with its id behind')
    return { ...request, initImage: { ...request.initImage, id: picture.id } }
  },
  denoiseStrength(request, value) {
    const denoiseStrength = readNumber(value)
    if (request.initImage) return { ...request, denoiseStrength }
    if (request.hires) return { ...request, hires: { ...request.hires, denoiseStrength } }
    throw new Error('there is no picture to start from, and Hires. fix is off: it would change nothing')
  },
  controlWeight(request, value) {
    if (!request.controls?.length) throw new Error('there is no control picture')
    const weight = readNumber(value)
    return { ...request, controls: request.controls.map((control) => ({ ...control, weight })) }
  },
  fast: (request, value) => ({ ...request, fast: value === 'true' ? (request.fast ?? {}) : null }),
}

/** A LoRA with its strength as in a tag of a prompt; null: none. */
function readLora(value: string) {
  if (['', 'none'].includes(value.toLowerCase())) return null
  const [tag] = loraTags(`<lora:${value}>`)
  if (!tag?.name || tag.written !== `<lora:${value}>` || tag.unknown.length > 0 || tag.badStrength !== null)
    throw new Error('must be like NAME, NAME:0.8 or NAME:0.5:0.8')
  const { name, text, unet, blocks } = tag
  return { name, text, unet, blocks }
}

/** The texts put one after the other where any of them stands. AUTOMATIC1111 1.10.1, scripts/xyz_grid.py, apply_order. */
function ordered(prompt: string, texts: readonly string[]): string {
  const found = texts.map((text) => ({ text, at: prompt.indexOf(text) })).sort((a, b) => a.at - b.at)
  let rest = prompt
  const between = found.map(({ text }) => {
    const at = rest.indexOf(text)
    const before = rest.slice(0, at)
    rest = rest.slice(at + text.length)
    return before
  })
  return between.map((before, index) => before + texts[index]).join('') + rest
}
