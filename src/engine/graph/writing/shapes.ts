/** Shapes of what operators answer. */

/** Numbers in a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** The shape two operands are stretched to: missing leading axes and axes of size 1 repeat. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1),
  )
}

/** The shape of a convolution's output; `pads` at top, left, bottom and right. */
export function convolved(
  picture: readonly number[],
  weight: readonly number[],
  stride: number,
  pads: readonly number[],
): number[] {
  const [batch, , height, width] = picture as [number, number, number, number]
  const [outputs, , kernelHeight, kernelWidth] = weight as [number, number, number, number]
  const [top, left, bottom, right] = pads as [number, number, number, number]
  const size = (length: number, kernel: number, pad: number): number =>
    Math.floor((length + pad - kernel) / stride) + 1
  return [batch, outputs, size(height, kernelHeight, top + bottom), size(width, kernelWidth, left + right)]
}

/** The shape of what an equation in NumPy's notation ("ab,bc->ac") makes of operands. */
export function contracted(
  equation: string,
  operands: readonly { readonly shape: readonly number[] }[],
): number[] {
  const [terms, result] = equation.split('->') as [string, string]
  const sizes = new Map<string, number>()
  terms.split(',').forEach((term, at) => {
    ;[...term].forEach((letter, axis) => sizes.set(letter, operands[at].shape[axis]))
  })
  return [...result].map((letter) => sizes.get(letter)!)
}
