/** Points of the plane within ± this fill the canvas. */
export const reach = 2.6

/** A place in the plane, y upwards. */
export interface PlanePlace {
  x: number
  y: number
}

export interface Plot {
  points: Float32Array
  /** Places of points on their way so far, of which some are followed. */
  paths: readonly Float32Array[]
  arrows: { points: Float32Array; score: Float32Array } | null
  outline: readonly PlanePlace[]
  /** Where keys have the pen. */
  pen: PlanePlace | null
}

const followed = 14

/** Draws points, the ways of some, and arrows in the page's own colours. */
export function drawPoints(canvas: HTMLCanvasElement, { points, paths, arrows, outline, pen }: Plot): void {
  const context = canvas.getContext('2d')!
  const { width, height } = canvas
  const style = getComputedStyle(canvas)
  const [text, quiet, accent] = ['--text', '--text-3', '--accent'].map((name) => resolved(style, name))
  const place = (x: number, y: number): [number, number] => [
    (0.5 + x / (2 * reach)) * width,
    (0.5 - y / (2 * reach)) * height,
  ]
  context.fillStyle = resolved(style, '--panel')
  context.fillRect(0, 0, width, height)

  context.strokeStyle = quiet!
  context.lineWidth = width / 640
  if (arrows) drawArrows(context, arrows, place, width / 60)
  context.strokeStyle = accent!
  context.globalAlpha = 0.6
  for (let p = 0; p < followed && paths.length > 1; p++) {
    context.beginPath()
    for (const frame of paths) context.lineTo(...place(frame[2 * p], frame[2 * p + 1]))
    context.stroke()
  }
  context.globalAlpha = 0.75
  context.fillStyle = text!
  const size = width / 220
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = place(points[i], points[i + 1])
    context.fillRect(x - size / 2, y - size / 2, size, size)
  }
  context.globalAlpha = 1
  context.beginPath()
  for (const { x, y } of outline) context.lineTo(...place(x, y))
  context.stroke()
  if (!pen) return
  context.beginPath()
  context.arc(...place(pen.x, pen.y), width / 100, 0, 2 * Math.PI)
  context.stroke()
}

function drawArrows(
  context: CanvasRenderingContext2D,
  { points, score }: NonNullable<Plot['arrows']>,
  place: (x: number, y: number) => [number, number],
  longest: number,
): void {
  for (let i = 0; i < points.length; i += 2) {
    const [dx, dy] = [score[i], -score[i + 1]]
    const length = Math.hypot(dx, dy)
    // Directions are compared, not lengths: those differ by orders of magnitude.
    const drawn = (longest * Math.min(1, length / 2 + 0.3)) / (length || 1)
    const [x, y] = place(points[i], points[i + 1])
    const [tipX, tipY] = [x + dx * drawn, y + dy * drawn]
    const angle = Math.atan2(dy, dx)
    context.beginPath()
    context.moveTo(x, y)
    context.lineTo(tipX, tipY)
    for (const turn of [2.6, -2.6]) {
      context.moveTo(tipX, tipY)
      context.lineTo(
        tipX + (longest / 3) * Math.cos(angle + turn),
        tipY + (longest / 3) * Math.sin(angle + turn),
      )
    }
    context.stroke()
  }
}

/** A colour of the page as a canvas takes it: light-dark() has been decided by a probe. */
function resolved(style: CSSStyleDeclaration, name: string): string {
  const value = style.getPropertyValue(name)
  const [, light, dark] = /light-dark\(([^,]+(?:\([^)]*\))?),\s*(.+)\)$/.exec(value.trim()) ?? []
  if (!light || !dark) return value
  const scheme = style.colorScheme
  const isDark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  return isDark ? dark : light
}

/** A place of the canvas in the plane. */
export function planePlace(canvas: HTMLCanvasElement, { clientX, clientY }: PointerEvent): PlanePlace {
  const { left, top, width, height } = canvas.getBoundingClientRect()
  return {
    x: ((clientX - left) / width - 0.5) * 2 * reach,
    y: (0.5 - (clientY - top) / height) * 2 * reach,
  }
}

/** The middles of a grid over the plane, for arrows. */
export function grid(side: number): Float32Array {
  const points = new Float32Array(2 * side * side)
  for (let i = 0; i < side * side; i++) {
    points[2 * i] = (((i % side) + 0.5) / side - 0.5) * 2 * reach
    points[2 * i + 1] = ((Math.floor(i / side) + 0.5) / side - 0.5) * 2 * reach
  }
  return points
}
