import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gridAxisNames, type GridInput, type GridRecord } from '../shared/grids/gridCalls.ts'
import {
  findGridParameter,
  gridParameter,
  gridParameterNames,
  writtenValues,
} from '../shared/grids/gridParameters.ts'
import { gridLength } from '../shared/grids/gridPlaces.ts'
import { StudioError } from '../shared/errors.ts'
import { nearestNames } from '../shared/nearestNames.ts'
import { sayNote } from '../shared/request/requestNotes.ts'
import { writeGrid } from '../studio/grids/exportGrid.ts'
import type { Studio } from '../studio/studio.ts'
import { askedOf, requestOptions, type Asked } from './generateOptions.ts'
import { gridToEnd } from './gridToEnd.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, flag, json, numberOption, text, type Given } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { takeFiles } from './takeFiles.ts'

const axis = text('"PARAMETER: VALUES"', 'An axis.')
const { batch: _batch, 'same-choices': _choices, ...ofOne } = requestOptions
/** Options that say where or how to answer, whatever is asked for. */
const around = { data: dataFolder, out: text('FOLDER', 'Where the labelled picture and its page go.'), json }

const options = {
  x: axis,
  y: axis,
  z: axis,
  try: text('STEPS', 'Make all cells in few steps first.'),
  estimate: flag('Tell how many pictures it is and how long they take, and make none.'),
  'init-folder': text('FOLDER', 'Start from every picture of a folder; results are named after them.'),
  file: text('FILE', 'A grid as JSON.'),
  list: flag('List the grids that are kept.'),
  resume: text('ID', 'Make what is missing of a grid.'),
  finish: text('ID', 'Make cells of a grid that was tried, in all their steps.'),
  cells: text('N,N...', 'The cells for --finish, X first.'),
  ...ofOne,
  ...around,
} as const

export const grid = command({
  name: 'grid',
  summary: 'makes X/Y/Z grids',
  needs: '--prompt TEXT --x "PARAMETER: VALUES"',
  options,
  notes: [
    'VALUES are a list (Euler, DPM++ 2M), numbers may be ranges: 1-5, 10-50 (+10), 1-10 [5]. With "Prompt S/R: red, blue" the first value is replaced by each. --try makes all cells in few steps, --finish ID --cells 1,5 those two in all.',
  ],
  examples: [
    'studio grid --prompt "a red house" --x "Prompt S/R: red, blue" --y "Steps: 10-30 (+10)" --out houses',
    'studio grid --prompt "a watercolour" --init-folder photos --strength 0.5 --out watercolours',
  ],
  read: argumentsOf,
  run,
})

interface Arguments {
  /** What is asked for with the options of `generate`; null: it stands in a file, or in a grid that is kept. */
  asked: Asked | null
  axes: Pick<GridInput, 'x' | 'y' | 'z'>
  /** Pictures to start from, each one a value of an axis. */
  initFolder?: string
  file?: string
  trialSteps?: number
  estimate: boolean
  list: boolean
  resume?: string
  finish?: string
  cells: number[] | null
  data: string
  out?: string
  json: boolean
}

/** Makes grids without a window, in a studio of its own on the same data folder. */
async function run(asked: Arguments): Promise<void> {
  const { embeddingFolder, idle = [] } = asked.asked ?? {}
  for (const words of asked.initFolder === undefined ? idle : []) process.stderr.write(`warning: ${words}\n`)
  const studio = await openSpokenStudio({
    dataFolder: asked.data,
    adoptJobs: false,
    allowModelPaths: true,
    furtherFolders: embeddingFolder === undefined ? [] : [embeddingFolder],
  })
  try {
    if (asked.list) return await listGrids(studio)
    if (asked.estimate)
      return console.log(JSON.stringify(await studio.calls.planGrid(await inputOf(asked, studio))))
    let made: GridRecord | null = null
    const failed = await gridToEnd(studio, async () => (made = await queue(asked, studio)))
    await report(made!, asked, studio)
    if (failed > 0)
      throw new StudioError(
        'cancelled',
        `${failed} cells have no picture; "--resume ${made!.id}" makes them.`,
      )
  } finally {
    await studio.close()
  }
}

/** Queues what is asked for: a new grid, or cells of one. */
async function queue(asked: Arguments, studio: Studio): Promise<GridRecord> {
  const id = asked.resume ?? asked.finish
  if (id === undefined) {
    const input = await inputOf(asked, studio)
    for (const note of await studio.calls.notes(input.request))
      process.stderr.write(`warning: ${sayNote(note)}\n`)
    const { cells, timeMs, trialTimeMs } = await studio.calls.planGrid(input)
    const time = trialTimeMs ?? timeMs
    const about = time === null ? '' : `, about ${Math.ceil(time / 1000)} s`
    process.stderr.write(`${cells} pictures${about}\n`)
    return studio.calls.makeGrid(input)
  }
  const known = await studio.calls.grid(id)
  const all = gridAxisNames.map((name) => gridLength(known.axes, name)).reduce((a, b) => a * b)
  const cells = asked.cells ?? Array.from({ length: all }, (_, index) => index + 1)
  const wrong = cells.find((cell) => cell < 1 || cell > all)
  if (wrong !== undefined)
    throw new StudioError('bad-request', `--cells: there is no cell ${wrong}; they are 1 to ${all}, X first.`)
  if (asked.resume !== undefined)
    await studio.calls.makeGridCells({ id, cells: null, isTrial: known.trialSteps !== null })
  else await studio.calls.makeGridCells({ id, cells: cells.map((cell) => cell - 1) })
  return known
}

async function inputOf(
  { asked, axes, initFolder, file, trialSteps }: Arguments,
  studio: Studio,
): Promise<GridInput> {
  const read = file === undefined ? { request: {} } : await readDefinition(file)
  const request = asked === null ? {} : await takeFiles(asked, studio)
  const given = Object.entries(request).filter(([, value]) => value !== undefined)
  return {
    ...read,
    ...axes,
    ...(initFolder !== undefined && (await startPictures(initFolder, axes, studio))),
    ...(trialSteps !== undefined && { trialSteps }),
    request: { ...read.request, ...Object.fromEntries(given) },
  }
}

const pictureFile = /\.(?:png|jpe?g|webp|avif|gif|tiff?|bmp|heic|heif)$/i

/** The pictures of a folder, by name, as an axis that is not used yet. Other files are left alone. */
async function startPictures(
  folder: string,
  axes: Arguments['axes'],
  studio: Studio,
): Promise<Arguments['axes']> {
  const files = await readdir(folder).catch((error: Error) => {
    throw new StudioError('bad-request', `--init-folder: ${folder} cannot be read: ${error.message}.`)
  })
  const names = files.filter((name) => pictureFile.test(name)).sort()
  if (names.length === 0)
    throw new StudioError('bad-request', `--init-folder: there is no picture in ${folder}.`)
  const free = (['y', 'x', 'z'] as const).find((name) => !axes[name])
  if (!free)
    throw new StudioError(
      'bad-request',
      '--init-folder: needs an axis, and X, Y and Z are all used: leave one out.',
    )
  const values: string[] = []
  for (const name of names) values.push(`${name} ${(await studio.inputs.addFile(join(folder, name))).id}`)
  return { [free]: { parameter: 'startPicture', values: writtenValues(values) } }
}

async function readDefinition(file: string): Promise<GridInput> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as GridInput
  } catch (error) {
    throw new StudioError('bad-request', `--file: ${file} cannot be read: ${(error as Error).message}.`)
  }
}

async function listGrids(studio: Studio): Promise<void> {
  for (const { id, createdAt, axes, made, request } of await studio.calls.grids()) {
    const sizes = gridAxisNames.map((name) => gridLength(axes, name)).join('x')
    const date = new Date(createdAt).toISOString().slice(0, 16)
    console.log(`${id}  ${date}  ${sizes}, ${made} made  ${request.prompt ?? ''}`)
  }
}

async function report({ id }: GridRecord, { out, json }: Arguments, studio: Studio): Promise<void> {
  const made = await studio.calls.grid(id)
  if (out !== undefined && made.images.length > 0) await writeGrid(made, resolve(out))
  const cells = made.images.map(({ request, path, id: imageId }) => ({ ...request.grid, imageId, path }))
  if (json) console.log(JSON.stringify({ id, axes: made.axes, cells }))
  else console.log(out === undefined ? id : resolve(out))
}

function argumentsOf(values: Given<typeof options>): Arguments {
  const { data, out, json, file, resume, finish, list = false } = values
  const isWritten = [file, resume, finish].some((given) => given !== undefined) || list
  const idle = Object.keys(values).find((name) => name in ofOne)
  if (isWritten && idle !== undefined)
    throw new Error(`--${idle}: has no effect beside --file, --list, --resume and --finish.`)
  if (!isWritten && values.prompt === undefined) throw new Error('--prompt: is missing.')
  const axes = gridAxisNames.flatMap((name) =>
    values[name] === undefined ? [] : [[name, axisOption(name, values[name])]],
  )
  return {
    asked: isWritten ? null : askedOf(values),
    axes: Object.fromEntries(axes) as Arguments['axes'],
    initFolder: values['init-folder'],
    file,
    trialSteps: numberOption('try', values.try),
    estimate: values.estimate ?? false,
    list,
    resume,
    finish,
    cells: values.cells?.split(',').map((cell) => numberOption('cells', cell)!) ?? null,
    data: dataOption(data),
    out,
    json: json ?? false,
  }
}

/** "Steps: 10-50 (+10)" */
function axisOption(axis: string, text: string): NonNullable<GridInput['x']> {
  const [, name, values] = /^([^:=]+)[:=]([^]*)$/.exec(text) ?? []
  if (name === undefined)
    throw new Error(`--${axis}: must be like "Steps: 10, 20", a parameter and its values; found "${text}".`)
  const parameter = findGridParameter(name)
  if (parameter) return { parameter, values }
  const labels = gridParameterNames.map((known) => gridParameter(known).label)
  const nearest = nearestNames(name.trim(), labels, 3).join(', ')
  throw new Error(`--${axis}: there is no parameter called "${name.trim()}"; the nearest are ${nearest}.`)
}

if (import.meta.main) await grid.start(process.argv.slice(2))
