import type { ImageRecord } from '../shared/library/history.ts'
import { builtInUpscaler } from '../shared/models/upscalers.ts'
import { jobToEnd } from './jobToEnd.ts'
import { checkOut, writeOut } from './outFile.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json, numberOption, onlyOperand, out, text } from './program/options.ts'
import { pipe } from './program/standardInput.ts'
import { openSpokenStudio } from './spokenStudio.ts'
import { takeFile } from './takeFiles.ts'

export const upscale = command({
  name: 'upscale',
  summary: 'enlarges a picture',
  needs: 'FILE',
  operands: 'any',
  options: {
    model: text(
      'NAME|PATH',
      `${builtInUpscaler} (which ships), an upscaler of the model folders, Lanczos or Nearest.`,
    ),
    scale: text('N', 'How many times larger.'),
    out,
    json,
    data: dataFolder,
  },
  notes: [
    'Enlarges a picture without a window; the result is in the history too. FILE - is what is piped in.',
  ],
  examples: ['studio upscale photo.jpg --scale 4 --out large.png'],
  read({ model = builtInUpscaler, scale, out, json = false, data }, others) {
    const file = onlyOperand(others, 'One picture is enlarged')
    if (out === pipe && json)
      throw new Error('--out: the standard output takes the picture alone, without --json.')
    return { file, upscaler: model, scale: numberOption('scale', scale), out, json, data: dataOption(data) }
  },
  async run({ file, upscaler, scale, out, json, data }) {
    if (out !== undefined) await checkOut(out)
    const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false, allowModelPaths: true })
    try {
      const { id: inputId } = await takeFile(studio, 'FILE', file)
      const job = await jobToEnd(studio, () => studio.calls.upscale({ inputId, upscaler, scale }))
      const image = await studio.calls.image(job.imageIds[0])
      const warn = (message: string): void => void process.stderr.write(`warning: ${message}\n`)
      const path = out === undefined ? image.path : await writeOut(image, out, 0, warn)
      if (out !== pipe) console.log(json ? JSON.stringify(report(image, path)) : path)
    } finally {
      await studio.close()
    }
  },
})

const report = ({ id, width, height, device, timings, request }: ImageRecord, path: string) => ({
  path,
  width,
  height,
  upscaler: request.upscale!.upscaler,
  scale: request.upscale!.scale,
  hash: request.files.find(({ kind }) => kind === 'upscaler')?.hash ?? null,
  device,
  timings,
  historyIds: [id],
})

if (import.meta.main) await upscale.start(process.argv.slice(2))
