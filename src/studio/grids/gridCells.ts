import { gridAxisNames, type GridAxes } from '../../shared/grids/gridCalls.ts'
import type { GridParameter } from '../../shared/grids/gridParameters.ts'
import { gridPlaces } from '../../shared/grids/gridPlaces.ts'
import { loraTags } from '../../shared/prompt/loraTags.ts'
import type { GenerationRequestInput } from '../../shared/request/request.ts'
import type { GridCell } from '../../shared/request/gridCell.ts'
import { setValue } from './setValue.ts'

/** A cell of a grid, and the request that makes its picture. */
export interface Cell {
  cell: GridCell
  request: GenerationRequestInput
}

/** Some parameters need what others put there, and are set after them. */
const turnOf = (parameter: GridParameter): number =>
  parameter === 'startPicture' ? 0 : parameter === 'loraStrength' ? 2 : 1

/**
 * The cells of a grid, x fastest. X is set first, then Y and Z, as AUTOMATIC1111 does. Every cell is one picture; one that
 * is drawn in fewer steps than it shall have is a trial.
 */
export function gridCells(
  { id, request, axes }: { id: string; request: GenerationRequestInput; axes: GridAxes },
  trialSteps: number | null = null,
): Cell[] {
  const order = gridAxisNames
    .filter((name) => axes[name])
    .toSorted((one, other) => turnOf(axes[one]!.parameter) - turnOf(axes[other]!.parameter))
  return gridPlaces(axes).map((place) => {
    const set = order.reduce((made, name) => {
      const { parameter, values } = axes[name]!
      return setValue(made, parameter, values[place[name]], values)
    }, request)
    const isTrial = trialSteps !== null && (set.steps === undefined || trialSteps < set.steps)
    const steps = isTrial ? { steps: trialSteps } : {}
    return { cell: { id, ...place, isTrial }, request: { ...set, ...steps, batchSize: 1 } }
  })
}

/**
 * What has to be opened anew when it changes from one picture to the next, the dearest first: device, model, its other
 * files, and the size, for which ONNX Runtime plans its memory.
 */
const openedFor: readonly ((request: GenerationRequestInput) => unknown)[] = [
  ({ device }) => device,
  ({ model }) => model,
  ({ vae, turbo }) => [vae, turbo],
  ({ adapters, prompt = '' }) => [adapters, loraTags(prompt).map(({ written }) => written)],
  ({ controls }) => controls?.map(({ model }) => model),
  ({ width, height, hires }) => [width, height, hires?.scale, hires?.width, hires?.height],
]

/** Cells in the order in which the least is opened anew; those that have the same open stay as they were. */
export function inOrder<Kept extends { request: GenerationRequestInput }>(cells: readonly Kept[]): Kept[] {
  const firsts = openedFor.map(() => new Map<string, number>())
  const ranked = cells.map((cell, index) => {
    const ranks = openedFor.map((part, level) => {
      const key = JSON.stringify(part(cell.request) ?? null)
      const first = firsts[level].get(key) ?? index
      firsts[level].set(key, first)
      return first
    })
    return { cell, ranks: [...ranks, index] }
  })
  const compare = (one: readonly number[], other: readonly number[]): number => {
    const at = one.findIndex((rank, level) => rank !== other[level])
    return one[at] - other[at]
  }
  return ranked.toSorted((one, other) => compare(one.ranks, other.ranks)).map(({ cell }) => cell)
}

/** How often something is opened anew while the requests run one after the other, the first time included. */
export function countOpenings(requests: readonly GenerationRequestInput[]): number {
  const keys = requests.map((request) => JSON.stringify(openedFor.map((part) => part(request) ?? null)))
  return keys.filter((key, index) => key !== keys[index - 1]).length
}
