import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GridAxes, GridAxis } from '../../../src/shared/grids/gridCalls.ts'
import { gridParameterNames, type GridParameter } from '../../../src/shared/grids/gridParameters.ts'
import { openRequestSchema, type GenerationRequestInput } from '../../../src/shared/request/request.ts'
import { countOpenings, gridCells, inOrder } from '../../../src/studio/grids/gridCells.ts'
import { readAxes } from '../../../src/studio/grids/readGrid.ts'

const base: GenerationRequestInput = { prompt: 'a red house, a red sky', negativePrompt: 'no red', steps: 20 }
const axis = (parameter: GridParameter, ...values: string[]): GridAxis => ({ parameter, values })
const cellsOf = (axes: Partial<GridAxes>, request = base, trialSteps: number | null = null) =>
  gridCells({ id: 'g', request, axes: { x: null, y: null, z: null, ...axes } }, trialSteps)

describe('cells', () => {
  it('x runs fastest, z slowest, and each is one picture', () => {
    const cells = cellsOf({
      x: axis('steps', '4', '8'),
      y: axis('seed', '1', '2'),
      z: axis('guidanceScale', '3', '7.5'),
    })
    expect(cells.map(({ request: { steps, seed, guidanceScale } }) => [steps, seed, guidanceScale])).toEqual([
      [4, 1, 3],
      [8, 1, 3],
      [4, 2, 3],
      [8, 2, 3],
      [4, 1, 7.5],
      [8, 1, 7.5],
      [4, 2, 7.5],
      [8, 2, 7.5],
    ])
    expect(cells[5].cell).toEqual({ id: 'g', x: 1, y: 0, z: 1, isTrial: false })
    expect(cellsOf({ x: axis('seed', '1') }, { ...base, batchSize: 4 })[0].request.batchSize).toBe(1)
  })

  it('Prompt S/R replaces the first value everywhere, in both prompts, dollar signs too', () => {
    const prompts = cellsOf({ x: axis('promptSearch', 'red', 'blue', '', '$& $1') }).map(
      ({ request }) => `${request.prompt} | ${request.negativePrompt}`,
    )
    expect(prompts).toEqual([
      'a red house, a red sky | no red',
      'a blue house, a blue sky | no blue',
      'a  house, a  sky | no ',
      'a $& $1 house, a $& $1 sky | no $& $1',
    ])
  })

  it('Prompt order puts texts where any of them stood', () => {
    const { axes, request } = {
      request: { prompt: 'x one y two z' },
      axes: readAxes({
        request: { prompt: 'x one y two z' },
        x: { parameter: 'promptOrder', values: 'one, two' },
      }),
    }
    expect(gridCells({ id: 'g', request, axes }).map((cell) => cell.request.prompt)).toEqual([
      'x one y two z',
      'x two y one z',
    ])
  })

  it('LoRAs of an axis take each other’s place, and their strength is set after them', () => {
    const request = { ...base, adapters: [{ name: 'ink' }, { name: 'other', unet: 0.5, text: 0.5 }] }
    const cells = cellsOf(
      { x: axis('loraStrength', '0.3'), y: axis('lora', 'ink:0.8', 'wash', 'None') },
      request,
    )
    const worn = cells.map((cell) => cell.request.adapters!.map(({ name, unet }) => `${name} ${unet}`))
    expect(worn).toEqual([['other 0.3', 'ink 0.3'], ['other 0.3', 'wash 0.3'], ['other 0.3']])
  })

  it('a start picture is there for the strength, whatever the order of the axes', () => {
    const start = { parameter: 'startPicture', values: `"a, b.png ${'a'.repeat(64)}"` } as const
    const strength = { parameter: 'denoiseStrength', values: '0.2, 0.8' } as const
    const axes = readAxes({ request: base, x: strength, y: start })
    const made = gridCells({ id: 'g', request: base, axes }).map(({ request }) => request)
    expect(made.map(({ denoiseStrength }) => denoiseStrength)).toEqual([0.2, 0.8])
    expect(made.map(({ initImage }) => initImage?.id)).toEqual(['a'.repeat(64), 'a'.repeat(64)])
    expect(() => readAxes({ request: base, x: { parameter: 'startPicture', values: 'a.png' } })).toThrow(
      'X (Start picture, "a.png"): must be the name of a picture with its id behind.',
    )
  })

  it('a trial has the few steps, where its cell has more', () => {
    const cells = cellsOf({ x: axis('steps', '2', '4', '30') }, base, 4)
    expect(cells.map(({ cell, request }) => [cell.isTrial, request.steps])).toEqual([
      [false, 2],
      [false, 4],
      [true, 4],
    ])
  })

  it('sets a value of every parameter to something a request takes', () => {
    const rich: GenerationRequestInput = {
      ...base,
      hires: {},
      adapters: [{ name: 'ink' }],
      controls: [{ model: 'edges', image: null }],
    }
    const values: Partial<Record<GridParameter, string>> = {
      promptSearch: 'red',
      promptOrder: 'red',
      sampler: 'DPM++ 2M Karras',
      schedule: 'karras',
      hiresSampler: 'euler_a',
      size: '512x768',
      seedConvention: 'ComfyUI',
      device: 'cpu',
      width: '64',
      height: '64',
      startPicture: `a.png ${'0'.repeat(64)}`,
    }
    for (const parameter of gridParameterNames) {
      const written = { parameter, values: values[parameter] ?? '1' }
      const axes = readAxes({ request: rich, x: written })
      const [{ request }] = gridCells({ id: 'g', request: rich, axes })
      expect(openRequestSchema.safeParse(request), parameter).toMatchObject({ success: true })
    }
  })
})

describe('what an axis does not take', () => {
  it.each([
    ['steps', '4, ten', 'X (Steps, "ten"): must be a number.'],
    ['steps', '4, 0', 'X (Steps, "0"): must be at least 1, found 0.'],
    ['steps', '4, 1.5', 'X (Steps, "1.5"): must be a whole number, found 1.5.'],
    ['steps', ' ', 'X (Steps): has no values: write some, with commas between.'],
    ['guidanceScale', '3, 99', 'X (CFG Scale, "99"): must be at most 30, found 99.'],
    [
      'sampler',
      'Euler, Eulr',
      /^X \(Sampler, "Eulr"\): there is no sampler called "Eulr"; the nearest are Euler/,
    ],
    ['size', '64', 'X (Size, "64"): must be like 512x768.'],
    ['size', '64x65', 'X (Size, "64x65"): must be a multiple of 8; found 65.'],
    [
      'promptSearch',
      'green, blue',
      /^X \(Prompt S\/R, "green"\): is not in the prompt or the negative prompt/,
    ],
    ['promptOrder', 'red, green', 'X (Prompt order, "green"): is not in the prompt.'],
    ['hiresSteps', '4', 'X (Hires steps, "4"): Hires. fix is off: turn it on first.'],
    ['denoiseStrength', '0.5', /^X \(Denoising, "0.5"\): there is no picture to start from/],
    ['loraStrength', '0.5', /^X \(LoRA strength\): no LoRA is chosen beside the prompt/],
    ['lora', 'ink:strong', 'X (LoRA, "ink:strong"): must be like NAME, NAME:0.8 or NAME:0.5:0.8.'],
    ['seed', '1-600', /at most 500 pictures; these axes make 600/],
  ] as const)('%s: %s', (parameter, values, message) => {
    expect(() => readAxes({ request: base, x: { parameter, values } })).toThrow(message)
  })

  it('the same parameter twice, and no axis at all', () => {
    const steps = { parameter: 'steps', values: '4' } as const
    expect(() => readAxes({ request: base, x: steps, z: steps })).toThrow(
      'Z (Steps): is what X changes already.',
    )
    expect(() => readAxes({ request: base })).toThrow(/at least one axis/)
  })

  it('a random seed is drawn once, when the grid is read', () => {
    const { x } = readAxes({ request: base, x: { parameter: 'seed', values: '7, -1' } })
    expect(x!.values[0]).toBe('7')
    expect(Number(x!.values[1])).toBeGreaterThanOrEqual(0)
  })
})

describe('order', () => {
  const part = fc.record({
    model: fc.constantFrom('a', 'b', 'c'),
    width: fc.constantFrom(64, 128),
    steps: fc.integer({ min: 1, max: 9 }),
  })

  it('opens every model once, and changes the size as seldom as that allows', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (requests) => {
        const ordered = inOrder(requests.map((request, index) => ({ request, index })))
        expect(ordered.map(({ index }) => index).sort((a, b) => a - b)).toEqual(requests.map((_, i) => i))
        const changesOf = (key: (request: (typeof requests)[number]) => unknown): number =>
          ordered.filter(({ request }, i) => i > 0 && key(request) !== key(ordered[i - 1].request)).length
        expect(changesOf(({ model }) => model)).toBe(new Set(requests.map(({ model }) => model)).size - 1)
        const pairs = new Set(requests.map(({ model, width }) => `${model} ${width}`))
        expect(countOpenings(ordered.map(({ request }) => request))).toBe(pairs.size)
      }),
    )
  })

  it('keeps the natural order where nothing is opened anew', () => {
    const cells = cellsOf({ x: axis('model', 'a', 'b'), y: axis('steps', '1', '2') })
    const order = inOrder(cells).map(({ request }) => `${request.model}${request.steps}`)
    expect(order).toEqual(['a1', 'a2', 'b1', 'b2'])
  })

  it('counts a LoRA named in the prompt as something to open', () => {
    const request = { prompt: 'a <lora:ink:1> house' }
    const cells = cellsOf({ x: axis('promptSearch', 'ink', 'wash'), y: axis('seed', '1', '2') }, request)
    expect(countOpenings(cells.map((cell) => cell.request))).toBe(4)
    expect(countOpenings(inOrder(cells).map((cell) => cell.request))).toBe(2)
  })
})
