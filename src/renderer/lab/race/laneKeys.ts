import { logicalKey } from '../../keys/logicalKey.ts'

/** Left and right go from a control of a racer to the same one of its neighbour, Home and End to the first and the last. */
export function onLaneKey(event: KeyboardEvent): void {
  const lane = (event.target as HTMLElement).closest('.lane')
  if (!lane) return
  const lanes = [...lane.parentElement!.querySelectorAll('.lane')]
  const at = lanes.indexOf(lane)
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: lanes.length - 1 }[logicalKey(event)]
  const control = controlsOf(lane).indexOf(event.target as HTMLButtonElement)
  if (to === undefined || !lanes[to] || control < 0) return
  event.preventDefault()
  controlsOf(lanes[to])[control]?.focus()
}

const controlsOf = (lane: Element): HTMLButtonElement[] => [...lane.querySelectorAll('button')]
