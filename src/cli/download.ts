import { resolve } from 'node:path'
import type { Download, DownloadPlan } from '../shared/models/downloads.ts'
import { StudioError } from '../shared/errors.ts'
import { firstModels } from '../shared/models/firstModels.ts'
import type { Studio } from '../studio/studio.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json, onlyOperand, text } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

export const download = command({
  name: 'download',
  summary: 'fetches a model, tells what it is before, and prints where it lies',
  needs: 'LINK',
  operands: 'any',
  options: { to: text('FOLDER', 'Where it goes, instead of the usual place.'), json, data: dataFolder },
  notes: [
    'LINK is the page of a model or a file on huggingface.co or civitai.com, or ORG/NAME. Tokens are read from HF_TOKEN and CIVITAI_TOKEN. Ctrl+C pauses; the same command goes on. Good first models:',
    ...firstModels.map(
      ({ name, bytes, licence, link }) => `    ${name}, ${gigabytes(bytes)}, ${licence}:\n      ${link}`,
    ),
  ],
  read({ to, data, json = false }, others) {
    const link = onlyOperand(others, 'One link is fetched')
    if (to?.trim() === '') throw new Error('--to: must name a folder, found nothing.')
    return { link, folder: to === undefined ? null : resolve(to), data: dataOption(data), json }
  },
  async run({ link, folder, data, json }) {
    const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false })
    try {
      const plan = await studio.calls.planDownload({ link, folder })
      process.stderr.write(`${describe(plan)}\n`)
      const path =
        plan.present ??
        (await runToEnd(studio, await studio.calls.startDownload({ link: plan.link, folder })))
      const { revision, licence } = plan
      console.log(json ? JSON.stringify({ path, revision, licence, link: plan.link }) : path)
    } finally {
      await studio.close()
    }
  },
})

function describe({
  title,
  revision,
  licence,
  files,
  totalBytes,
  networkBytes,
  target,
  present,
  choices,
}: DownloadPlan) {
  const others = choices.map(({ name, size, link }) => `  ${name}, ${gigabytes(size)}: ${link}`)
  if (present !== null) return `${title} is here already.`
  if (files.length === 0) return [`${title}: several files are behind this link.`, ...others].join('\n')
  return [
    `${title}, revision ${revision}, licence ${licence ?? 'not told'}`,
    ...files.map(
      ({ path, size, from }) => `  ${path}, ${gigabytes(size)}${from === 'cache' ? ', from a cache' : ''}`,
    ),
    `${gigabytes(networkBytes)} of ${gigabytes(totalBytes)} to fetch, to ${target}`,
    ...(others.length > 0 ? ['Other files behind this link:', ...others] : []),
  ].join('\n')
}

async function runToEnd(studio: Studio, begun: Download): Promise<string> {
  const ended = Promise.withResolvers<Download>()
  const look = (download: Download): void => {
    if (download.id !== begun.id) return
    showProgress(download)
    if (['done', 'paused', 'failed'].includes(download.state)) ended.resolve(download)
  }
  studio.subscribe({ downloadChanged: look })
  for (const download of await studio.calls.downloads()) look(download)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void studio.calls.pauseDownload(begun.id))
  const { state, target, error } = await ended.promise
  if (process.stderr.isTTY) process.stderr.write('\n')
  if (state === 'done') return target
  throw error
    ? new StudioError(error.code, error.message)
    : new StudioError('cancelled', 'Paused. The same command goes on where it was.')
}

let shown = ''

function showProgress({ state, doneBytes, totalBytes, bytesPerSecond, etaMs }: Download): void {
  const speed = bytesPerSecond === null ? '' : `, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`
  const left = etaMs === null ? '' : `, ${Math.ceil(etaMs / 1000)} s left`
  const percent = totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100)
  // A terminal sees every change; a log a line for each percent.
  const line = process.stderr.isTTY ? `${state} ${percent}%${speed}${left}` : `${state} ${percent}%`
  if (line === shown) return
  shown = line
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
}

function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

if (import.meta.main) await download.start(process.argv.slice(2))
