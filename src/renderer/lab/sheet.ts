import { saveFile } from '../saveFile.ts'

/** A picture, its formula as it is set in the page, and a sentence, as one PNG on white. */
export interface Sheet {
  picture: CanvasImageSource
  /** KaTeX's visible part. */
  formula: HTMLElement | null
  caption: string
}

const margin = 48
const pictureWidth = 1024
const formulaScale = 2.5
const captionSize = 26
const captionLine = 38

/** Draws a sheet and gives it to the person as a file. */
export async function saveSheet(name: string, { picture, formula, caption }: Sheet): Promise<void> {
  const { width, height } = sizeOf(picture)
  const pictureHeight = (pictureWidth * height) / width
  const box = formula?.getBoundingClientRect()
  const inner = formula ? inkWidth(formula) : 0
  const scale = Math.min(formulaScale, pictureWidth / Math.max(1, inner))
  const formulaHeight = box ? box.height * scale + margin : 0

  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')!
  context.font = `${captionSize}px 'Inter Variable', sans-serif`
  const lines = wrapped(context, caption, pictureWidth)
  canvas.width = pictureWidth + 2 * margin
  canvas.height = pictureHeight + formulaHeight + lines.length * captionLine + 3 * margin
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingEnabled = width >= 256
  context.drawImage(picture, margin, margin, pictureWidth, pictureHeight)
  if (formula) {
    context.save()
    context.translate(margin + (pictureWidth - inner * scale) / 2, pictureHeight + 2 * margin)
    context.scale(scale, scale)
    drawFormula(context, formula)
    context.restore()
  }
  context.fillStyle = '#1a1a1a'
  context.font = `${captionSize}px 'Inter Variable', sans-serif`
  lines.forEach((line, i) =>
    context.fillText(line, margin, pictureHeight + formulaHeight + 2 * margin + (i + 0.7) * captionLine),
  )
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  if (file) saveFile(name, file)
}

function sizeOf(picture: CanvasImageSource): { width: number; height: number } {
  if (picture instanceof HTMLImageElement)
    return { width: picture.naturalWidth, height: picture.naturalHeight }
  const { width, height } = picture as HTMLCanvasElement
  return { width, height }
}

/** From the left of the first letter to the right of the last, in CSS pixels. */
function inkWidth(formula: HTMLElement): number {
  const boxes = [...formula.querySelectorAll<HTMLElement>('.katex-base')].map((base) =>
    base.getBoundingClientRect(),
  )
  return Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left))
}

/**
 * Draws what KaTeX has set: every letter in its own font where it stands, every rule, and the paths of roots and braces.
 */
function drawFormula(context: CanvasRenderingContext2D, formula: HTMLElement): void {
  const bases = [...formula.querySelectorAll<HTMLElement>('.katex-base')].map((base) =>
    base.getBoundingClientRect(),
  )
  const origin = { x: Math.min(...bases.map(({ left }) => left)), y: formula.getBoundingClientRect().top }
  context.fillStyle = '#1a1a1a'
  context.textBaseline = 'alphabetic'
  const letters = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT)
  for (let text = letters.nextNode(); text; text = letters.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(text)
    const [place] = range.getClientRects()
    if (!place || !text.textContent) continue
    const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(text.parentElement!)
    context.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`
    const { fontBoundingBoxAscent } = context.measureText(text.textContent)
    context.fillText(text.textContent, place.left - origin.x, place.top - origin.y + fontBoundingBoxAscent)
  }
  for (const rule of formula.querySelectorAll<HTMLElement>('.frac-line, .overline-line, .underline-line')) {
    const { left, bottom, width } = rule.getBoundingClientRect()
    const thickness = parseFloat(getComputedStyle(rule).borderBottomWidth) || 1
    context.fillRect(left - origin.x, bottom - origin.y - thickness, width, thickness)
  }
  for (const svg of formula.querySelectorAll('svg')) drawVector(context, svg, origin)
}

/** KaTeX's vectors are far wider than their place, which shows their beginning, or their end or middle where they say so. */
function drawVector(
  context: CanvasRenderingContext2D,
  svg: SVGSVGElement,
  origin: { x: number; y: number },
): void {
  const box = svg.parentElement!.getBoundingClientRect()
  const view = svg.viewBox.baseVal
  const scale = box.height / view.height
  const align = svg.getAttribute('preserveAspectRatio') ?? ''
  const spare = box.width - view.width * scale
  const shift = align.startsWith('xMaxY') ? spare : align.startsWith('xMidY') ? spare / 2 : 0
  context.save()
  context.beginPath()
  context.rect(box.left - origin.x, box.top - origin.y, box.width, box.height)
  context.clip()
  context.translate(box.left - origin.x + shift, box.top - origin.y)
  context.scale(scale, scale)
  for (const path of svg.querySelectorAll('path')) context.fill(new Path2D(path.getAttribute('d') ?? ''))
  context.restore()
}

/** Lines that fit a width; scripts without spaces break anywhere. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const piece of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ??
    []) {
    const longer = lines.at(-1)! + piece
    if (context.measureText(longer.trimEnd()).width <= width) lines[lines.length - 1] = longer
    else lines.push(piece)
  }
  return lines.map((line) => line.trimEnd())
}
