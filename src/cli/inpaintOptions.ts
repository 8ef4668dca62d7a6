import { numberOption } from './program/options.ts'

/** How the masked part is painted; null without a mask and sides to add, and then no other option of it may be given. */
export function inpaintOptions(values: Readonly<Record<string, unknown>>) {
  const text = (name: string): string | undefined => values[name] as string | undefined
  const options = {
    area: text('inpaint-area'),
    padding: numberOption('inpaint-padding', text('inpaint-padding')),
    content: text('masked-content'),
    maskBlur: numberOption('mask-blur', text('mask-blur')),
    soft: values['soft-inpainting'],
  }
  const [mask, outpaint] = [text('mask'), outpaintOption(text('outpaint'))]
  if (text('init') === undefined && (mask !== undefined || outpaint))
    throw new Error('--mask, --outpaint: need --init, the picture to start from.')
  if (mask !== undefined || outpaint) return { ...options, outpaint }
  if (Object.values(options).some((value) => value !== undefined))
    throw new Error(
      '--inpaint-area, --masked-content and the like: have no effect without --mask or --outpaint.',
    )
  return null
}

function outpaintOption(text: string | undefined) {
  if (text === undefined) return undefined
  if (!/^\d+(,\d+){3}$/.test(text))
    throw new Error(
      `--outpaint: must be the pixels to add at the left, top, right and bottom, like 0,0,128,0, found "${text}".`,
    )
  const [left, top, right, bottom] = text.split(',').map(Number)
  return { left, top, right, bottom }
}
