// Ten prompts through the model that is shipped: a broken pipeline shows in colours and places at once.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Tokenizer } from '../../src/engine/text/tokenizer.ts'

/** The colours that the starter was taught, as its scenes are drawn. */
const palette = {
  red: [224, 46, 50],
  orange: [248, 140, 34],
  yellow: [250, 216, 56],
  green: [56, 162, 78],
  cyan: [66, 204, 216],
  blue: [44, 96, 214],
  purple: [136, 70, 190],
  pink: [250, 142, 186],
  brown: [130, 84, 50],
  black: [30, 28, 34],
  grey: [140, 143, 150],
  white: [248, 248, 246],
} as const
type Colour = keyof typeof palette
type Place = 'middle' | 'left' | 'right' | 'top' | 'bottom' | 'top right' | 'bottom left'

const side = 256
const starter = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
let model: Model
let tokenizers: readonly Tokenizer[]

beforeAll(async () => {
  model = await openModel(starter, 'cpu')
  tokenizers = await openTokenizers(model)
})
afterAll(() => model.release())

async function picture(input: GenerationRequestInput, initImage: Pixels | null = null): Promise<Pixels> {
  const request = {
    ...generationRequestSchema.parse({ steps: 20, guidanceScale: 4, ...input }),
    ...{ seed: 1, width: side, height: side },
  }
  const painting = paint(model, tokenizers, { request, index: 0, initImage, mask: null }, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
  }
}

/** The palette's nearest colour of every pixel, row by row. */
function coloursOf({ data }: Pixels): Colour[] {
  const names = Object.keys(palette) as Colour[]
  return Array.from({ length: data.length / 3 }, (_, i) => {
    const away = (name: Colour) => palette[name].reduce((sum, v, c) => sum + (v - data[3 * i + c]) ** 2, 0)
    return names.reduce((nearest, name) => (away(name) < away(nearest) ? name : nearest))
  })
}

/** What share of the outermost sixteen pixels around the picture has the colour. */
function shareOfEdge(colours: Colour[], colour: Colour): number {
  const isEdge = (i: number) => Math.min(i % side, side - 1 - (i % side), i / side, side - i / side) < 16
  const edge = colours.filter((_, i) => isEdge(i))
  return edge.filter((one) => one === colour).length / edge.length
}

/** Where the middle of all pixels of a colour is, in thirds of the picture; '' when there are hardly any. */
function placeOf(colours: Colour[], colour: Colour): string {
  const found = colours.flatMap((one, i) => (one === colour ? [i] : []))
  if (found.length < 0.01 * side * side) return ''
  const mean = (coordinate: (i: number) => number) =>
    found.reduce((sum, i) => sum + coordinate(i), 0) / found.length / side
  const third = (at: number, low: string, high: string) => (at < 0.42 ? low : at > 0.58 ? high : '')
  const vertical = third(
    mean((i) => Math.floor(i / side)),
    'top',
    'bottom',
  )
  const horizontal = third(
    mean((i) => i % side),
    'left',
    'right',
  )
  return `${vertical} ${horizontal}`.trim() || 'middle'
}

const drawings: { prompt: string; ground: Colour; things: Partial<Record<Colour, Place>> }[] = [
  { prompt: 'a red circle on a white background', ground: 'white', things: { red: 'middle' } },
  { prompt: 'a yellow star on a blue background', ground: 'blue', things: { yellow: 'middle' } },
  { prompt: 'a black cat on a yellow background', ground: 'yellow', things: { black: 'middle' } },
  { prompt: 'a green tree on a white background', ground: 'white', things: { green: 'middle' } },
  { prompt: 'a pink heart on a black background', ground: 'black', things: { pink: 'middle' } },
  {
    prompt: 'a blue circle left of a red square on a white background',
    ground: 'white',
    things: { blue: 'left', red: 'right' },
  },
  {
    prompt: 'a yellow star above a purple heart on a white background',
    ground: 'white',
    things: { yellow: 'top', purple: 'bottom' },
  },
  {
    prompt: 'a green square below an orange circle on a black background',
    ground: 'black',
    things: { orange: 'top', green: 'bottom' },
  },
  {
    prompt: 'a small red circle in the top right corner, white background',
    ground: 'white',
    things: { red: 'top right' },
  },
  {
    prompt: 'a small blue square in the bottom left corner on a yellow background',
    ground: 'yellow',
    things: { blue: 'bottom left' },
  },
]

describe('the starter model', () => {
  it.each(drawings)('$prompt', async ({ prompt, ground, things }) => {
    const colours = coloursOf(await picture({ prompt }))
    expect(shareOfEdge(colours, ground)).toBeGreaterThan(0.8)
    const places = Object.keys(things).map((colour) => [colour, placeOf(colours, colour as Colour)])
    expect(Object.fromEntries(places)).toEqual(things)
  })

  it('makes an apple of a red blob', async () => {
    const blob = { width: side, height: side, data: new Uint8Array(3 * side * side) }
    const isInside = (i: number) => Math.hypot((i % side) - 124, Math.floor(i / side) - 140) < 68
    for (let i = 0; i < side * side; i++) blob.data.set(palette[isInside(i) ? 'red' : 'white'], 3 * i)
    const prompt = 'a red apple on a white background'
    const colours = coloursOf(
      await picture({ prompt, denoiseStrength: 0.8, initImage: { id: '0'.repeat(64) } }, blob),
    )
    expect(shareOfEdge(colours, 'white')).toBeGreaterThan(0.8)
    const share = (colour: Colour, inside: boolean) => {
      const there = colours.filter((_, i) => isInside(i) === inside)
      return there.filter((one) => one === colour).length / there.length
    }
    expect(share('red', true)).toBeGreaterThan(0.5)
    expect(share('white', false)).toBeGreaterThan(0.9)
    // Its leaf and its stem were not in the blob.
    const grown = (colour: Colour) => colours.filter((one) => one === colour).length
    expect(grown('green') + grown('brown')).toBeGreaterThan(240)
  })
})
