import { readBlockWeights } from './blockWeights.ts'
import { extractTags, stripComments } from './promptTags.ts'
import { limits } from '../request/limits.ts'
import type { Adapter } from '../request/adapters.ts'
import type { SeedConvention } from '../request/request.ts'

/** A tag <lora:name:…> of a prompt. */
export interface LoraTag extends Adapter {
  /** The tag as it stands in the prompt. */
  written: string
  /** Its parts that mean nothing here. */
  unknown: string[]
  /** A strength that is no number, or outside the limits, as it was written; null: all are well. */
  badStrength: string | null
}

/** Kinds of tags that name an adapter, in small letters: <lyco:…> and the rest are other names of <lora:…>. */
const adapterKinds = new Set(['lora', 'lyco', 'locon', 'loha', 'lokr', 'dora'])
export const isAdapterKind = (kind: string): boolean => adapterKinds.has(kind.toLowerCase())

/** Whether tags are read as tags; ComfyUI reads them as plain words. */
export const readsTags = (convention: SeedConvention): boolean => convention !== 'ComfyUI'

/** The LoRAs that a prompt names by tags, in their order. */
export const loraTags = (prompt: string): LoraTag[] =>
  extractTags(stripComments(prompt))
    .tags.filter(({ kind }) => isAdapterKind(kind))
    .map(({ written, arguments: parts }) => readTag(written, parts))

/**
 * AUTOMATIC1111 1.10.1, extra_networks_lora.activate: `<lora:name:text:unet>`, or by name `te=`, `unet=`; the strength
 * in the U-Net is that in the text encoders where it is not said. Block weights (`lbw=`, or behind the strength) are
 * those of the extension LoRA Block Weight.
 */
function readTag(written: string, parts: readonly string[]): LoraTag {
  const named = new Map<string, string>()
  const [name, ...positional] = parts.filter((part) => {
    const [key, value, more] = part.split('=')
    if (value !== undefined && more === undefined) named.set(key.trim(), value)
    return value === undefined || more !== undefined
  })
  const takesBlocks = !named.has('lbw') && positional.length === 2 && readBlockWeights(positional[1]) !== null
  const lbw = named.get('lbw') ?? (takesBlocks ? positional.pop() : undefined)
  const [textPart, unetPart, ...rest] = positional
  const textWritten = named.get('te') ?? textPart ?? '1'
  const unetWritten = named.get('unet') ?? unetPart ?? textWritten
  const blocks = lbw === undefined ? null : readBlockWeights(lbw)
  const unknown = [
    ...rest.map((part) => `dyn=${part}`),
    ...[...named].filter(([key]) => !['te', 'unet', 'lbw'].includes(key)).map((pair) => pair.join('=')),
    ...(lbw !== undefined && blocks === null ? [`lbw=${lbw}`] : []),
  ]
  const badStrength = [textWritten, unetWritten].find((text) => !isStrength(text)) ?? null
  return {
    written,
    name: (name ?? '').trim(),
    text: Number(textWritten),
    unet: Number(unetWritten),
    blocks,
    unknown,
    badStrength,
  }
}

const isStrength = (text: string): boolean => {
  const { min, max } = limits.adapterStrength
  const strength = text.trim() === '' ? NaN : Number(text)
  return strength >= min && strength <= max
}

/** An adapter as a tag: what AUTOMATIC1111 and its extension LoRA Block Weight read. */
export function printLoraTag({ name, text, unet, blocks }: Adapter): string {
  const strengths = text === unet ? [text] : [text, unet]
  return `<${['lora', name, ...strengths, ...(blocks ? [`lbw=${blocks.join(',')}`] : [])].join(':')}>`
}
