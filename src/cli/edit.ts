import type { Edit } from '../shared/request/edit.ts'
import { checkOut, writeOut } from './outFile.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json, numberOption, onlyOperand, out, text } from './program/options.ts'
import { pipe } from './program/standardInput.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { takeFile } from './takeFiles.ts'

export const edit = command({
  name: 'edit',
  summary: 'turns, straightens, cuts and tones a picture',
  needs: 'FILE',
  operands: 'any',
  options: {
    turn: text('DEGREES', 'Quarter turns, clockwise.', ['90', '180', '270']),
    straighten: text('DEGREES', 'Up to 45, clockwise; the corners that become empty are cut away.'),
    crop: text('WxH+LEFT+TOP', 'What is kept, in pixels of the picture that was turned and straightened.'),
    black: text('N', 'What is as dark as this (0 to 254) or darker becomes black.'),
    gamma: text('N', 'Above 1 the middle becomes lighter, below 1 darker.'),
    white: text('N', 'What is as bright as this (1 to 255) or brighter becomes white.'),
    out,
    json,
    data: dataFolder,
  },
  notes: [
    'Edits a picture without a model and without a window, in the order of the options; the result is in the history too, with how the picture was made as far as its file tells. FILE - is what is piped in.',
  ],
  examples: ['studio edit photo.jpg --turn 90 --crop 512x512+20+0 --out cut.png'],
  read({ out, json = false, data, ...asked }, others) {
    const file = onlyOperand(others, 'One picture is edited')
    if (out === pipe && json)
      throw new Error('--out: the standard output takes the picture alone, without --json.')
    return { file, edit: readEdit(asked), out, json, data: dataOption(data) }
  },
  async run({ file, edit, out, json, data }) {
    if (out !== undefined) await checkOut(out)
    const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false })
    try {
      const { id: inputId } = await takeFile(studio, 'FILE', file)
      const image = await studio.calls.edit({ inputId }, edit)
      const warn = (message: string): void => void process.stderr.write(`warning: ${message}\n`)
      const path = out === undefined ? image.path : await writeOut(image, out, 0, warn)
      const { id, width, height, request } = image
      const report = { path, width, height, edit, prompt: request.prompt, historyIds: [id] }
      if (out !== pipe) console.log(json ? JSON.stringify(report) : path)
    } finally {
      await studio.close()
    }
  },
})

interface Asked {
  turn?: string
  straighten?: string
  crop?: string
  black?: string
  gamma?: string
  white?: string
}

function readEdit({ turn, straighten, crop, black, gamma, white }: Asked): Edit {
  const isToned = [black, gamma, white].some((given) => given !== undefined)
  return {
    turns: turns(numberOption('turn', turn) ?? 0),
    straighten: numberOption('straighten', straighten) ?? 0,
    crop: crop === undefined ? null : readCrop(crop),
    levels: isToned
      ? {
          black: numberOption('black', black) ?? 0,
          gamma: numberOption('gamma', gamma) ?? 1,
          white: numberOption('white', white) ?? 255,
        }
      : null,
  }
}

function turns(degrees: number): number {
  if (degrees % 90 === 0) return (((degrees / 90) % 4) + 4) % 4
  throw new Error(`--turn: must be a multiple of 90, found "${degrees}". --straighten takes smaller angles.`)
}

function readCrop(given: string): Edit['crop'] {
  const parts = /^(\d+)x(\d+)\+(\d+)\+(\d+)$/.exec(given.trim())
  if (!parts) throw new Error(`--crop: must be WIDTHxHEIGHT+LEFT+TOP, as 512x512+20+0, found "${given}".`)
  const [width, height, left, top] = parts.slice(1).map(Number)
  return { width, height, left, top }
}

if (import.meta.main) await edit.start(process.argv.slice(2))
