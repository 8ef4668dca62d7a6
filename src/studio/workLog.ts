import { join } from 'node:path'
import type { Job } from '../shared/queue/jobs.ts'
import type { Events } from './events.ts'
import { addToLog } from './log.ts'
import { applicationVersion } from './paths.ts'
import { withoutPrompts } from './privateText.ts'
import type { SettingsFile } from './settings.ts'

export const workLog = (dataFolder: string): string => join(dataFolder, 'logs', 'studio.log')

/** What stands before a prompt in the log, at the end of its line. */
export const promptMark = ' prompt='

/** Writes down what the studio does: jobs and their ends, and what it told. Prompts stand in it only where they may. */
export function keepWorkLog(parts: {
  dataFolder: string
  events: Events
  settings: SettingsFile
  jobs: () => readonly Job[]
}): void {
  const { dataFolder, events, settings, jobs } = parts
  const add = (text: string): void => addToLog(workLog(dataFolder), text)
  const known = new Map<string, Job['state']>()

  const harmless = (message: string, request?: Job['request']): string => {
    if (message === '') return message
    const requests = request ? [request] : jobs().map((job) => job.request)
    return settings.current().tellPrompts ? message : withoutPrompts(message, requests)
  }

  add(`opened by Latent Studio ${applicationVersion} on ${process.platform} ${process.arch}`)
  for (const { level, message } of events.notices()) add(`${level}: ${message}`)
  events.subscribe({
    jobChanged(job) {
      if (known.get(job.id) === job.state) return
      known.set(job.id, job.state)
      if (job.state === 'done' || job.state === 'cancelled' || job.state === 'failed') known.delete(job.id)
      add(describe(job, harmless(job.error?.message ?? '', job.request), settings.current().tellPrompts))
    },
    notice: ({ level, message }) => add(`${level}: ${harmless(message)}`),
  })
}

function describe({ id, state, request, error, ...job }: Job, problem: string, withPrompt: boolean): string {
  const { model, width, height, steps, sampler, device, batchSize, prompt } = request
  const asked = `${batchSize} of ${width}x${height}, ${steps} steps of ${sampler}, ${model} on ${device}`
  const words = withPrompt ? promptMark + JSON.stringify(prompt) : ''
  if (state === 'queued' || state === 'running') return `job ${id} ${state}: ${asked}${words}`
  const took = job.startedAt && job.finishedAt ? ` after ${job.finishedAt - job.startedAt} ms` : ''
  return `job ${id} ${state}${took}${error ? `: ${error.code} ${problem.replaceAll('\n', ' ')}` : ''}`
}
