import { isInpainted, type Inpaint, type MaskedContent, type Outpaint } from '../../shared/request/inpaint.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'

/** How painting under a mask stands in an infotext: AUTOMATIC1111's keys (processing.py, StableDiffusionProcessingImg2Img.init). */

const contents: Readonly<Record<MaskedContent, string>> = {
  fill: 'fill',
  original: 'original',
  noise: 'latent noise',
  nothing: 'latent nothing',
}

/** What differs from AUTOMATIC1111's defaults, as it writes it; what is added to the sides has no key there. */
export function inpaintParameters(request: ResolvedRequest): [string, string | number][] {
  if (!request.inpaint || !isInpainted(request)) return []
  const { area, padding, content, maskBlur, soft, outpaint } = request.inpaint
  const isAlone = area === 'masked'
  const parameters: [string, string | number | false | null][] = [
    ['Masked content', content !== 'original' && contents[content]],
    ['Mask blur', maskBlur > 0 && maskBlur],
    ['Inpaint area', isAlone && 'Only masked'],
    ['Masked area padding', isAlone && padding],
    ['Soft inpainting enabled', soft && 'True'],
    ['Outpaint', outpaint && printOutpaint(outpaint)],
  ]
  return parameters.filter((pair): pair is [string, string | number] => pair[1] !== false && pair[1] !== null)
}

const sides = ['left', 'top', 'right', 'bottom'] as const

/** "left 64; top 0; right 128; bottom 0" */
const printOutpaint = (outpaint: Outpaint): string =>
  sides.map((side) => `${side} ${outpaint[side]}`).join('; ')

/** What the text of a setting is in a request, under its field; undefined for what is not known. */
type Told = Partial<Record<keyof Inpaint, unknown>>

/**
 * What settings (keys in lower case) tell of painting under a mask; null where they tell nothing. An absent blur is 0 there:
 * it is written wherever there is any.
 */
export function readInpaint(settings: ReadonlyMap<string, string>): { inpaint: Told; keys: string[] } | null {
  const keys = [...settings.keys()].filter((key) => known.has(key))
  // Some programs say of every picture that its masked content is the original.
  if (keys.every((key) => settings.get(key) === 'original')) return null
  const number = (key: string): number | undefined =>
    settings.has(key) ? Number(settings.get(key)) : undefined
  const content = settings.get('masked content')
  const outpaint = settings.get('outpaint')
  const told: Told = {
    area: settings.get('inpaint area') === 'Only masked' ? 'masked' : 'whole',
    padding: number('masked area padding'),
    content: content && (Object.keys(contents) as MaskedContent[]).find((name) => contents[name] === content),
    maskBlur: number('mask blur') ?? 0,
    soft: settings.get('soft inpainting enabled') === 'True',
    outpaint: outpaint && readOutpaint(outpaint),
  }
  const given = Object.entries(told).filter(([, value]) => value !== undefined)
  const unread = content !== undefined && told.content === undefined ? ['masked content'] : []
  return { inpaint: Object.fromEntries(given), keys: keys.filter((key) => !unread.includes(key)) }
}

const known = new Set([
  'mask blur',
  'inpaint area',
  'masked area padding',
  'masked content',
  'soft inpainting enabled',
  'outpaint',
])

const readOutpaint = (text: string): Partial<Outpaint> =>
  Object.fromEntries(
    [...text.matchAll(/(left|top|right|bottom) (\d+)/g)].map(([, side, n]) => [side, Number(n)]),
  )
