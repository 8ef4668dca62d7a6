import { randomInt } from 'node:crypto'
import {
  gridAxisNames,
  mostGridCells,
  type GridAxes,
  type GridAxis,
  type GridAxisName,
  type GridInput,
} from '../../shared/grids/gridCalls.ts'
import { gridParameter, readStartPicture, type GridParameter } from '../../shared/grids/gridParameters.ts'
import { gridLength } from '../../shared/grids/gridPlaces.ts'
import { StudioError } from '../../shared/errors.ts'
import { openRequestSchema, type GenerationRequestInput } from '../../shared/request/request.ts'
import { fieldProblem } from '../checkedCalls.ts'
import { axisValues, readOrder } from './axisValues.ts'
import { setValue } from './setValue.ts'

/**
 * Reads the axes of a grid and holds every value against what its parameter takes. A random seed (-1) is drawn here, so
 * that the grid stays what it is. Throws `bad-request` that names the axis and the value.
 */
export function readAxes(input: Pick<GridInput, 'request' | GridAxisName>): GridAxes {
  const axes = { x: null, y: null, z: null } as GridAxes
  for (const name of gridAxisNames) {
    const written = input[name]
    if (!written) continue
    axes[name] = readAxis(name, written.parameter, written.values)
  }
  const request = withStart(input.request, axes)
  for (const name of gridAxisNames) if (axes[name]) checkAxis(name, axes[name], request)
  checkTogether(axes, input.request)
  return axes
}

/** What the other axes change: where one has starting pictures, a request with the first of them. */
function withStart(request: GenerationRequestInput, axes: GridAxes): GenerationRequestInput {
  const start = Object.values(axes).find((axis) => axis?.parameter === 'startPicture')
  const picture = start && readStartPicture(start.values[0])
  return picture ? { ...request, initImage: { ...request.initImage, id: picture.id } } : request
}

/** An error about an axis, or one of its values, in words that end a sentence. */
export function axisError(
  name: GridAxisName,
  parameter: GridParameter,
  problem: string,
  value?: string,
): StudioError {
  const of = value === undefined ? '' : `, "${value}"`
  const axis = `${name.toUpperCase()} (${gridParameter(parameter).label}${of})`
  return new StudioError('bad-request', `${axis}: ${problem.replace(/\.$/, '')}.`)
}

function readAxis(name: GridAxisName, parameter: GridParameter, written: string): GridAxis {
  const { kind } = gridParameter(parameter)
  const read = (): string[] => {
    try {
      return axisValues(written, kind)
    } catch (error) {
      throw axisError(name, parameter, (error as Error).message)
    }
  }
  const values = read()
  if (values.length === 0) throw axisError(name, parameter, 'has no values: write some, with commas between')
  const isSeed = parameter === 'seed' || parameter === 'variationSeed'
  return { parameter, values: isSeed ? values.map(fixedSeed) : values }
}

/** AUTOMATIC1111 1.10.1, scripts/xyz_grid.py, fix_axis_seeds. */
const fixedSeed = (value: string): string => (value === '-1' ? String(randomInt(2 ** 32)) : value)

function checkAxis(
  name: GridAxisName,
  { parameter, values }: GridAxis,
  request: GenerationRequestInput,
): void {
  checkWords(name, { parameter, values }, request)
  for (const value of values) {
    const changed = ((): GenerationRequestInput => {
      try {
        return setValue(request, parameter, value, values)
      } catch (error) {
        throw axisError(name, parameter, (error as Error).message, value)
      }
    })()
    const parsed = openRequestSchema.safeParse(changed, { reportInput: true })
    if (!parsed.success) throw axisError(name, parameter, fieldProblem(parsed.error.issues[0]), value)
  }
}

/** Words that an axis searches must be there. */
function checkWords(
  name: GridAxisName,
  { parameter, values }: GridAxis,
  { prompt = '', negativePrompt = '' }: GenerationRequestInput,
): void {
  const missing = (text: string, where: string): StudioError =>
    axisError(name, parameter, `is not in the ${where}; the first value is the text that is searched`, text)
  if (parameter === 'promptSearch') {
    const [search] = values
    if (search === '') throw axisError(name, parameter, 'the first value is the text that is searched')
    if (!prompt.includes(search) && !negativePrompt.includes(search))
      throw missing(search, 'prompt or the negative prompt')
  }
  if (parameter === 'promptOrder') {
    const absent = readOrder(values[0]).find((text) => !prompt.includes(text))
    if (absent !== undefined) throw axisError(name, parameter, 'is not in the prompt', absent)
  }
}

function checkTogether(axes: GridAxes, request: GenerationRequestInput): void {
  const used = gridAxisNames.flatMap((name) => (axes[name] ? [{ name, ...axes[name] }] : []))
  if (used.length === 0)
    throw new StudioError('bad-request', 'A grid needs at least one axis: choose what X changes.')
  for (const [index, { name, parameter }] of used.entries()) {
    const other = used.slice(0, index).find((axis) => axis.parameter === parameter)
    if (other && parameter !== 'promptSearch')
      throw axisError(name, parameter, `is what ${other.name.toUpperCase()} changes already`)
  }
  const strength = used.find(({ parameter }) => parameter === 'loraStrength')
  if (strength && !request.adapters?.length && !used.some(({ parameter }) => parameter === 'lora'))
    throw axisError(
      strength.name,
      'loraStrength',
      'no LoRA is chosen beside the prompt; the strength in a tag is changed with Prompt S/R',
    )
  const cells = gridAxisNames.map((name) => gridLength(axes, name)).reduce((a, b) => a * b)
  if (cells > mostGridCells)
    throw new StudioError(
      'bad-request',
      `A grid has at most ${mostGridCells} pictures; these axes make ${cells}. Take fewer values.`,
    )
}
