/** A picture with lines of words under it. */
interface Cell {
  picture: CanvasImageSource
  lines: readonly string[]
}

const width = 2048
const gap = 24
const lineHeight = 34

/** Labelled pictures of one shape (width over height) beside each other on white, as one. */
export function labelledGrid(cells: readonly Cell[], ratio: number): HTMLCanvasElement {
  const columns = Math.min(4, Math.ceil(Math.sqrt(cells.length)))
  const rows = Math.ceil(cells.length / columns)
  const cellWidth = (width - gap * (columns - 1)) / columns
  const pictureHeight = cellWidth / ratio
  const lines = Math.max(...cells.map((cell) => cell.lines.length))
  const cellHeight = pictureHeight + lines * lineHeight + gap
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = rows * cellHeight
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  cells.forEach(({ picture, lines: said }, i) => {
    const [left, top] = [(i % columns) * (cellWidth + gap), Math.floor(i / columns) * cellHeight]
    // Latents are far smaller than their picture: a cell of them stays a square.
    context.imageSmoothingEnabled = picture instanceof HTMLImageElement
    context.drawImage(picture, left, top, cellWidth, pictureHeight)
    context.fillStyle = '#1a1a1a'
    said.forEach((line, k) => {
      context.font = `${k === 0 ? 600 : 400} 26px 'Inter Variable', sans-serif`
      context.fillText(line, left, top + pictureHeight + (k + 0.85) * lineHeight, cellWidth)
    })
  })
  return canvas
}
