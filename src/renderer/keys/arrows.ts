interface Direction {
  x: -1 | 0 | 1
  y: -1 | 0 | 1
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** Where an arrow key points on the screen, y downwards; null for any other key. */
export const arrowOf = ({ key }: KeyboardEvent): Direction | null => directions[key] ?? null
