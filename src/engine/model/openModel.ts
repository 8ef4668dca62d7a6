import { stat } from 'node:fs/promises'
import type { ModelInfo } from '../../shared/models/models.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Device } from '../../shared/request/request.ts'
import { targetFor } from './runtime/devices.ts'
import { readDiffusersFolder } from './sources/diffusersFolder.ts'
import { liveModel, type StoredModel } from './liveModel.ts'
import type { Model } from './model.ts'
import { isOnnxFolder, readOnnxFolder } from './sources/onnxFolder.ts'
import { readSingleFile } from './sources/singleFile.ts'
import { saying, type Warn } from '../../shared/notices.ts'

/**
 * Reads what lies at `path` (a diffusers folder, a checkpoint file or a folder of ONNX models) and makes it ready to
 * run on `device`; networks are loaded when first used. `turbo`: what draws in 8 bits, where it runs on the CPU. `warn` is
 * told of what was done otherwise than asked.
 */
export async function openModel(
  path: string,
  device: Device,
  warn: Warn = () => {},
  turbo = false,
): Promise<Model> {
  const stored = await readModel(path)
  const found = await targetFor(device)
  const target = { ...found, turbo: turbo && found.device === 'cpu' }
  if (turbo && found.device !== 'cpu') warn(saying('turboOnCard', { device: found.device }))
  else if (turbo && !stored.parts && !stored.dit) warn(saying('turboOnGraphs'))
  const onCpu = target.device === 'cpu' ? null : { ...(await targetFor('cpu')), tallies: target.tallies }
  return liveModel(stored, target, { warn, onCpu })
}

/** What a model is, from headers and configuration alone; never starts ONNX Runtime. */
export async function describeModel(path: string): Promise<ModelInfo> {
  return (await readModel(path)).facts.info
}

/** A model as far as headers and configuration tell it. Throws a coded error that says what is wrong. */
export async function readModel(path: string): Promise<StoredModel> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new StudioError('not-found', `There is no model at ${path}. Put it back, or choose another.`)
  if (!found.isDirectory()) return readSingleFile(path)
  return isOnnxFolder(path) ? readOnnxFolder(path) : readDiffusersFolder(path)
}
