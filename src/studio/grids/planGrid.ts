import { gridAxisNames, type GridAxes, type GridInput, type GridPlan } from '../../shared/grids/gridCalls.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { GenerationRequestInput, ResolvedRequest } from '../../shared/request/request.ts'
import { whenUnlocked } from '../history/database/whenUnlocked.ts'
import { decide, type JobParts } from '../jobs/jobCalls.ts'
import { newestPictures } from '../jobs/times/pastTimes.ts'
import { lookIntoUpscalers } from '../models/upscalerWorks.ts'
import { countOpenings, gridCells, inOrder, type Cell } from './gridCells.ts'
import { axisError, readAxes } from './readGrid.ts'
import { setValue } from './setValue.ts'

/** Reads a grid and says what it would take, from headers and from the history: nothing is queued. */
export async function planGrid(input: GridInput, parts: JobParts): Promise<GridPlan> {
  const axes = readAxes(input)
  const grid = { id: '', request: input.request, axes }
  const cells = inOrder(gridCells(grid))
  const whole = await eachCell(cells, grid, (request) => decideWithFiles(parts, request))
  const { items: made } = await whenUnlocked(() => parts.history.page(newestPictures))
  const { trialSteps = null } = input
  const trial = whole.map((request) => ({
    ...request,
    steps: Math.min(request.steps, trialSteps ?? Infinity),
  }))
  const device = parts.lastDevice() ?? 'cpu'
  await lookIntoUpscalers(whole, parts)
  const timeOf = (requests: readonly ResolvedRequest[]): number | null =>
    timeOfAll(requests, parts.pastTimes.times(requests), made, device)
  return {
    axes,
    cells: cells.length,
    openings: countOpenings(cells.map(({ request }) => request)),
    timeMs: timeOf(whole),
    trialTimeMs: trialSteps === null ? null : timeOf(trial),
  }
}

/** Does something with every cell's request; what goes wrong names the axis and the value, or else the whole cell. */
export async function eachCell<Answer>(
  cells: readonly Cell[],
  grid: { request: GenerationRequestInput; axes: GridAxes },
  work: (request: GenerationRequestInput) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const cell of cells)
    answers.push(
      await work(cell.request).catch(async (error: unknown) => {
        throw error instanceof StudioError ? await blamed(error, cell, grid, work) : error
      }),
    )
  return answers
}

/** The error with the axis whose value alone leads to it; with all values of the cell where none does. */
async function blamed(
  error: StudioError,
  { cell }: Cell,
  { request, axes }: { request: GenerationRequestInput; axes: GridAxes },
  work: (request: GenerationRequestInput) => Promise<unknown>,
): Promise<StudioError> {
  const leadsToIt = (asked: GenerationRequestInput): Promise<boolean> =>
    work(asked).then(
      () => false,
      (other: Error) => other.message === error.message,
    )
  if (await leadsToIt({ ...request, batchSize: 1 })) return error
  const used = gridAxisNames.filter((name) => axes[name])
  const named: string[] = []
  for (const name of used) {
    const { parameter, values } = axes[name]!
    const value = values[cell[name]]
    const { message } = axisError(name, parameter, error.message, value)
    if (await leadsToIt(setValue(request, parameter, value, values)))
      return new StudioError(error.code, message, { cause: error })
    named.push(`${name.toUpperCase()} "${value}"`)
  }
  return new StudioError(error.code, `${named.join(', ')}: ${error.message}`, { cause: error })
}

async function decideWithFiles(parts: JobParts, input: GenerationRequestInput): Promise<ResolvedRequest> {
  const { model, request } = await decide(parts, input)
  const isHere = await parts.requestFiles.whoIsHere({ ...request, prompt: '' }, model.info.family)
  const missing = (kind: string, name: string): StudioError =>
    new StudioError(
      'not-found',
      `There is no ${kind} called "${name}" in the model folders. Add the folder it lies in, or name another.`,
    )
  for (const { name } of request.adapters) if (!isHere('lora', name)) throw missing('LoRA', name)
  if (request.vae !== null && !isHere('vae', request.vae)) throw missing('VAE', request.vae)
  return request
}

/** Opening a model that is open already takes no more than this, in ms. */
const noOpening = 200

/**
 * How long pictures take one after the other, in ms, their models opened once each: as pictures of the same model on the
 * same device did. Those of a model nothing is known of count like the others; null: nothing is known of any.
 */
function timeOfAll(
  requests: readonly ResolvedRequest[],
  expected: readonly (number | null)[],
  made: readonly ImageRecord[],
  lastDevice: ImageRecord['device'],
): number | null {
  const ofModel = (request: ResolvedRequest): ImageRecord[] => {
    const device = request.device === 'auto' ? lastDevice : request.device
    return made.filter((image) => image.model.id === request.model && image.device === device)
  }
  const times = expected.filter((time) => time !== null)
  if (times.length === 0) return null
  const drawing = (times.reduce((a, b) => a + b) * requests.length) / times.length
  const models = [...new Map(requests.map((request) => [request.model, request])).values()]
  const openings = models.map((request) => {
    const loads = ofModel(request).map(({ timings }) => timings.load)
    return Math.min(...loads.filter((load) => load > noOpening), Infinity)
  })
  return drawing + openings.filter(Number.isFinite).reduce((a, b) => a + b, 0)
}
