/** Paint for a first scribble; any other can be mixed. */
export const paints = {
  black: '#1e1c22',
  grey: '#8c8f96',
  brown: '#82542f',
  red: '#e02e32',
  orange: '#f88c22',
  yellow: '#fad838',
  green: '#38a24e',
  cyan: '#42ccd8',
  blue: '#2c60d6',
  purple: '#8846be',
  pink: '#fa8eba',
  white: '#ffffff',
} as const
export const paper = paints.white

/** Width of the brush as a share of the paper's shorter side. */
export const brushes = { fine: 0.02, medium: 0.06, broad: 0.15 } as const
export type Brush = keyof typeof brushes

export interface Stroke {
  x: number
  y: number
  width: number
}

/** The next piece of a stroke, from one place of the pen to the other, as thick as the pen is pressed. */
export function paintStroke(
  context: CanvasRenderingContext2D,
  from: Stroke,
  to: Stroke,
  colour: string,
): void {
  context.strokeStyle = colour
  context.lineWidth = to.width
  context.lineCap = 'round'
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
}
