import type { ImageRecord } from '../shared/history.ts'
import { builtInUpscaler } from '../shared/upscalers.ts'
import { dataOption, numberOption, readArguments, readOptions, runCommand } from './command.ts'
import { jobToEnd } from './jobToEnd.ts'
import { checkOut, writeOut } from './outFile.ts'
import { openSpokenStudio } from './spokenStudio.ts'

const usage = `npm run --silent upscale -- FILE [--model NAME|PATH] [--scale N] [--out FILE.png|.jpg|.webp|.avif]
  [--data FOLDER] [--json]
NAME is ${builtInUpscaler} (which ships), an upscaler of the model folders, Lanczos or Nearest.`

/** Enlarges a picture without a window; the result is in the history too. */
async function upscale(): Promise<void> {
  const { file, upscaler, scale, out, data, json } = readArguments(usage, () => {
    const { values, others } = readOptions({
      model: 'text',
      scale: 'text',
      out: 'text',
      data: 'text',
      json: 'flag',
    })
    if (others.length !== 1) throw new Error(`One picture is enlarged, found ${others.length}.`)
    const { model = builtInUpscaler, out, json = false } = values
    const scale = numberOption('scale', values.scale)
    return { file: others[0], upscaler: model, scale, out, json, data: dataOption(values.data) }
  })
  if (out !== undefined) await checkOut(out)
  const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false, allowModelPaths: true })
  try {
    const { id: inputId } = await studio.addInputFile(file)
    const job = await jobToEnd(studio, () => studio.calls.upscale({ inputId, upscaler, scale }))
    const image = await studio.calls.image(job.imageIds[0])
    const warn = (message: string): void => void process.stderr.write(`warning: ${message}\n`)
    const path = out === undefined ? image.path : await writeOut(image, out, 0, warn)
    console.log(json ? JSON.stringify(report(image, path)) : path)
  } finally {
    await studio.close()
  }
}

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

await runCommand(upscale)
