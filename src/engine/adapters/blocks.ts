import { StudioError } from '../../shared/errors.ts'

/**
 * Strengths of single blocks of a U-Net, as the extension sd-webui-lora-block-weight has them: 26 columns, the text
 * encoders (BASE), twelve blocks on the way in (IN00…), the middle (M00), twelve on the way out (OUT00…). A last
 * column is for layers that belong to none, which the lists leave alone.
 */
export const blockCount = 27
export const outside = 26

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
const [base, middle] = [0, 13]
const into = (...blocks: number[]): number[] => blocks.map((block) => 1 + block)
const outOf = (...blocks: number[]): number[] => blocks.map((block) => middle + 1 + block)

/** Which columns a list of so many numbers fills: the other blocks get 0. */
const columns: Readonly<Record<number, readonly number[]>> = {
  12: [base, ...into(4, 5, 7, 8), middle, ...outOf(...range(0, 5))],
  17: [base, ...into(1, 2, 4, 5, 7, 8), middle, ...outOf(...range(3, 11))],
  20: [base, ...into(...range(0, 8)), middle, ...outOf(...range(0, 8))],
  26: range(0, 25),
}

/** The column of a layer by its name in latent-diffusion; null, text encoders have none. */
export function blockOf(original: string | null): number {
  if (original === null) return base
  const [, way, number] = /^(input|middle|output)_blocks?\.(\d+)\./.exec(original) ?? []
  if (way === undefined) return outside
  if (way === 'middle') return middle
  const [column] = (way === 'input' ? into : outOf)(Number(number))
  return Number(number) < 12 ? column : outside
}

/** A strength for every column. Throws `bad-request` for lists of other lengths. */
export function blockStrengths(strength: number, blocks: readonly number[] | null): number[] {
  if (!blocks) return Array<number>(blockCount).fill(strength)
  const filled = columns[blocks.length]
  if (!filled)
    throw new StudioError(
      'bad-request',
      `Block weights are 12 or 20 numbers (SDXL) or 17 or 26 (SD 1 and 2), found ${blocks.length}.`,
    )
  const factors = Array<number>(blockCount).fill(0)
  factors[outside] = 1
  filled.forEach((column, index) => (factors[column] = blocks[index]))
  return factors.map((factor) => factor * strength)
}
