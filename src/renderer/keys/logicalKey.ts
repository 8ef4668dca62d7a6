/** The key that an event means where it is heard: from right to left, the arrow to the left leads on. */
export function logicalKey({ key, currentTarget }: KeyboardEvent): string {
  const mirrored: Record<string, string> = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }
  const isMirrored = currentTarget instanceof Element && getComputedStyle(currentTarget).direction === 'rtl'
  return isMirrored ? (mirrored[key] ?? key) : key
}
