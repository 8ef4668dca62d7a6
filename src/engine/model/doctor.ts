import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelExamination } from '../../shared/engine/examination.ts'
import { fewStepOf } from '../adapters/fewStepFile.ts'
import { placeDitTensors } from './dit/ditFile.ts'
import { ditKinds } from './dit/ditKinds.ts'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import { writeAllGraphs } from './networks/builtNetworks.ts'
import type { PartName } from './keys/checkpointKeys.ts'
import { hashFile } from './files/fileHashes.ts'
import { kindNames } from '../../shared/models/ownedFile.ts'
import { identify } from './sources/identify.ts'
import type { StoredModel } from './liveModel.ts'
import { isOnnxFolder } from './sources/onnxFolder.ts'
import { readModel } from './openModel.ts'
import { checkPreviewVae } from './networks/previewVae.ts'
import type { Safetensors } from './files/safetensors.ts'
import { readWeightFile } from './files/weightFile.ts'
import { neededParts, splitCheckpoint } from './sources/singleFile.ts'
import { readStudioFile } from './sources/studioFile.ts'
import { trainedAs } from './sources/trainedAs.ts'
import { joinTensors } from './files/weights.ts'

/**
 * Says what a file or folder is and whether it can be opened, from headers alone. Everything that is wrong becomes a
 * problem; throws only `not-found`.
 */
export async function examineModel(path: string, { hash }: { hash: boolean }): Promise<ModelExamination> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new StudioError('not-found', `There is nothing at ${path}.`)
  const examination = found.isDirectory() ? await examineFolder(path) : await examineFile(path)
  if (hash && !found.isDirectory()) examination.hashes = await hashFile(path)
  return examination
}

const nothingKnown = (path: string): ModelExamination => ({
  path,
  kind: 'unknown',
  family: null,
  layout: null,
  dtype: null,
  predictionType: null,
  parts: [],
  missing: [],
  problems: [],
  unused: [],
  hashes: null,
  fewStep: null,
})

async function examineFile(path: string): Promise<ModelExamination> {
  const examination = nothingKnown(path)
  let file: Safetensors
  try {
    file = await readWeightFile(path)
  } catch (error) {
    const problem = toErrorRecord(error)
    const kind = problem.code === 'pickle-refused' ? 'pickle' : 'unknown'
    return { ...examination, kind, problems: [problem] }
  }
  const { kind, family } = identify(file)
  Object.assign(examination, { kind, family, layout: 'single-file', dtype: joinTensors([file]).dtype })
  if (kind !== 'checkpoint') {
    const message = `${path} is ${kindNames[kind]}, not a checkpoint.`
    const fewStep = kind === 'lora' ? fewStepOf(path, file) : null
    return { ...examination, fewStep, problems: [{ code: 'not-a-checkpoint', message }] }
  }
  const { predictionType } = await trainedAs(file, family)
  return openStored(path, { ...examination, predictionType, ...partsOf(file, family) })
}

/** Networks of a checkpoint by what has tensors at all. */
function partsOf(
  file: Safetensors,
  family: string | null,
): Pick<ModelExamination, 'parts' | 'missing' | 'unused'> {
  const kind = ditKinds.find((known) => known.family.name === family)
  const { parts, unused } = kind
    ? placeDitTensors(file, kind)
    : splitCheckpoint(file, family?.startsWith('sd2') ?? false)
  const present = (Object.keys(parts) as PartName[]).filter((part) => parts[part].keys.length > 0)
  const needed = neededParts(family)
  return { parts: present, missing: needed.filter((part) => !present.includes(part)), unused }
}

async function examineFolder(path: string): Promise<ModelExamination> {
  const names = ['unet', 'transformer', 'vae', 'vae_encoder', 'vae_decoder', 'text_encoder', 'text_encoder_2']
  const others = ['tokenizer', 'tokenizer_2', 'scheduler']
  const { base } = await readStudioFile(join(path, 'studio.json')).catch(() => ({ base: undefined }))
  const folders = base === undefined ? [path] : [path, join(dirname(path), base)]
  const isThere = (name: string): boolean => folders.some((folder) => existsSync(join(folder, name)))
  const parts = [...names, ...others].filter(isThere)
  const isModel = existsSync(join(path, 'model_index.json'))
  const layout = isOnnxFolder(path) ? 'onnx' : isModel ? 'diffusers' : null
  return openStored(path, { ...nothingKnown(path), kind: isModel ? 'checkpoint' : 'unknown', layout, parts })
}

/** Reads the model as opening would, and writes every graph, so that each tensor is looked up once. */
async function openStored(path: string, examination: ModelExamination): Promise<ModelExamination> {
  let stored: StoredModel
  try {
    stored = await readModel(path)
  } catch (error) {
    const problem = toErrorRecord(error)
    const missing = /has no (\w+)/.exec(problem.message)?.[1]
    const added =
      problem.code === 'missing-part' && missing && examination.missing.length === 0 ? [missing] : []
    return { ...examination, missing: [...examination.missing, ...added], problems: [problem] }
  }
  const { previewVae, info } = stored.facts
  const { family, layout, dtype, predictionType } = info
  return {
    ...examination,
    kind: 'checkpoint',
    family,
    layout: layout as ModelExamination['layout'],
    dtype,
    predictionType,
    parts: previewVae === null ? examination.parts : [...examination.parts, 'preview_vae'],
    problems: [
      ...(stored.parts ? writeAllGraphs(stored.parts) : (stored.check?.() ?? [])),
      ...(await checkPreviewVae(stored.facts)),
    ].map(toErrorRecord),
  }
}
