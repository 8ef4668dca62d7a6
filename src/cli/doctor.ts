import { resolve } from 'node:path'
import type { EngineCalls, MemoryEstimate } from '../shared/engine/engineContract.ts'
import type { ModelExamination } from '../shared/engine/examination.ts'
import { generationRequestSchema } from '../shared/request/request.ts'
import type { DeviceRecord } from '../shared/models/models.ts'
import { askEngine } from './ownEngine.ts'
import { command } from './program/command.ts'
import { flag, json, onlyOperand } from './program/options.ts'

export const doctor = command({
  name: 'doctor',
  summary: 'says what a model is and whether it can be opened',
  needs: 'FILE|FOLDER',
  operands: 'any',
  options: { hash: flag('Read everything, for the hashes.'), json },
  notes: ['Exit status 1 where the model cannot be opened.'],
  read: ({ hash = false, json = false }, others) => ({
    path: onlyOperand(others, 'One file or folder is examined'),
    hash,
    json,
  }),
  async run({ path, hash, json }) {
    const { examination, memory } = await askEngine(async (engine) => {
      const examination = await engine.examineModel(resolve(path), { hash })
      const opens = examination.problems.length === 0
      return { examination, memory: opens ? await memoryOn(engine, resolve(path)) : [] }
    })
    console.log(json ? JSON.stringify({ ...examination, memory }) : describe(examination, memory))
    if (examination.problems.length > 0) process.exitCode = 1
  },
})

interface NeededMemory extends MemoryEstimate {
  device: DeviceRecord['device']
}

/** What a picture of the model's own size takes on the CPU and on the device that is chosen automatically. */
async function memoryOn(engine: EngineCalls, modelPath: string): Promise<NeededMemory[]> {
  const { defaultWidth: width, defaultHeight: height } = await engine.describeModel(modelPath)
  const request = { ...generationRequestSchema.parse({}), seed: 0, width, height }
  const nothing = { adapters: [], controls: [], vaePath: null, hiresUpscaler: null, upscaler: null }
  const { device: automatic } = (await engine.devices()).find((found) => found.automatic)!
  const needed: NeededMemory[] = []
  for (const device of new Set<DeviceRecord['device']>([automatic, 'cpu'])) {
    const estimate = await engine.estimate({ modelPath, device, request, ...nothing })
    if (estimate) needed.push({ device, ...estimate })
  }
  return needed
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

const describeMemory = ({ device, peakBytes, availableBytes }: NeededMemory): string =>
  `memory on ${device}: ${gigabytes(peakBytes)}, ${availableBytes === null ? 'how much there is is not known' : `${gigabytes(availableBytes)} free`}`

function describe(
  { problems, unused, hashes, fewStep, ...facts }: ModelExamination,
  memory: readonly NeededMemory[],
): string {
  const rows = Object.entries({ ...facts, ...hashes })
  const lines = rows.map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : (value ?? '-')}`,
  )
  const { method, sampler, schedule, steps, guidanceScale } = fewStep ?? {}
  if (fewStep)
    lines.push(
      `few steps: ${method}, to be run with ${sampler}, ${schedule}, ${steps} steps, guidance ${guidanceScale}`,
    )
  const found = problems.map(({ code, message }) => `problem ${code}: ${message}`)
  return [...lines, ...memory.map(describeMemory), `unused tensors: ${unused.length}`, ...found].join('\n')
}

if (import.meta.main) await doctor.start(process.argv.slice(2))
