import { expect, it } from 'vitest'
import { bestSizes, sizeOfShape } from '../../../src/renderer/components/create/fields/bestSizes.ts'

const info = (side: number, rest = {}) => ({
  ...{ defaultWidth: side, defaultHeight: side, minSize: 64, maxSize: 2048, sizeMultiple: 8 },
  ...rest,
})
const sides = (of: ReturnType<typeof info>): string[] =>
  bestSizes(of).map(({ width, height }) => `${width}x${height}`)

it('SDXL has the buckets that it was trained in', () => {
  expect(sides(info(1024))).toEqual([
    ...['1024x1024', '896x1152', '832x1216', '768x1344'],
    ...['1152x896', '1216x832', '1344x768', '1600x640'],
  ])
})

it('a small model has sizes of its own multiple, within what it can make', () => {
  expect(sides(info(256))).toContain('224x288')
  expect(sides(info(32, { minSize: 32, maxSize: 32, sizeMultiple: 32 }))).toEqual(['32x32'])
})

it('a picture’s shape is kept nearly, at about as many pixels as the model knows', () => {
  const of = (side: number, width: number, height: number): string => {
    const size = sizeOfShape(info(side), { width, height })
    return `${size.width}x${size.height}`
  }
  expect(of(256, 100, 100)).toBe('256x256')
  expect(of(256, 4000, 3000)).toBe('288x216')
  expect(of(256, 3000, 4000)).toBe('216x288')
  expect(of(1024, 1920, 1080)).toBe('1344x768')
  expect(of(1024, 5000, 100)).toBe('2048x64')
  expect(
    sizeOfShape(info(32, { minSize: 32, maxSize: 32, sizeMultiple: 32 }), { width: 3, height: 2 }),
  ).toEqual({
    width: 32,
    height: 32,
  })
})
