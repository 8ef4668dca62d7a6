/** Which part of a picture shows: how much larger than when all of it fits, and what of it lies in the middle (0 to 1). */
export interface ZoomView {
  zoom: number
  x: number
  y: number
}

export const wholePicture: ZoomView = { zoom: 1, x: 0.5, y: 0.5 }

/** Screen pixels that one of the picture may be wide. */
const largestPixel = 32

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most))

/**
 * The view that is `factor` times as close, with the point under the pointer staying where it is.
 * @param fit screen pixels for one of the picture when all of it fits.
 */
export function zoomedAt(
  view: ZoomView,
  factor: number,
  point: { x: number; y: number },
  fit: number,
): ZoomView {
  const zoom = within(view.zoom * factor, 1, Math.max(1, largestPixel / fit))
  if (zoom === 1) return wholePicture
  const stay = view.zoom / zoom
  return {
    zoom,
    x: within(point.x + (view.x - point.x) * stay, 0, 1),
    y: within(point.y + (view.y - point.y) * stay, 0, 1),
  }
}

/** The view moved by a share of the picture. */
export const moved = (view: ZoomView, x: number, y: number): ZoomView =>
  view.zoom === 1 ? view : { ...view, x: within(view.x + x, 0, 1), y: within(view.y + y, 0, 1) }

/** One pixel of the picture on one of the screen, or the whole picture where that shows already. */
export function actualPixels(view: ZoomView, fit: number): ZoomView {
  const zoom = Math.max(1, 1 / fit)
  return Math.abs(view.zoom - zoom) < 0.01 ? wholePicture : { ...view, zoom }
}
