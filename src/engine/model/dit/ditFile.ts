import { basename, dirname, extname, join } from 'node:path'
import { checkpointForm } from '../keys/checkpointKeys.ts'
import { placeBesideTransformer } from '../keys/ditKeys.ts'
import type { Safetensors } from '../files/safetensors.ts'
import { joinTensors, placeTensors, requireReadable } from '../files/weights.ts'
import type { StoredModel } from '../liveModel.ts'
import { stableDiffusionNoise } from '../sources/schedulerConfig.ts'
import { readStudioFile } from '../sources/studioFile.ts'
import type { DitKind } from './ditKinds.ts'
import { storedDit } from './ditModel.ts'
import { partsBeside } from './partsBeside.ts'

/** The tensors of a single file in its networks: a transformer alone, or a merged checkpoint. */
export function placeDitTensors(file: Safetensors, kind: DitKind): ReturnType<typeof placeTensors> {
  const form = checkpointForm(file.tensors.keys(), false)
  return placeTensors(
    joinTensors([file]),
    (key, shape) => placeBesideTransformer(key, shape, form) ?? kind.place(key, shape),
  )
}

/**
 * A transformer in a file of its own, as ComfyUI keeps it, with its other parts in it or beside it. Reads headers. Throws
 * `missing-part`, `does-not-fit`, `missing-weight`, `unsupported-model`.
 */
export async function readDitFile(path: string, file: Safetensors, kind: DitKind): Promise<StoredModel> {
  const stem = basename(path, extname(path))
  const studio = await readStudioFile(join(dirname(path), `${stem}.studio.json`))
  const { transformer: tensors, text_encoder: text, vae } = placeDitTensors(file, kind).parts
  for (const part of [tensors, text, vae]) requireReadable(part)
  const said = studio.configs?.transformer
  const transformer = said ? kind.transformer(said, tensors) : kind.inferred(tensors)
  const { tokenizer, ...parts } = await partsBeside({
    ...{ path, kind, transformer, studio },
    inside: { text, vae },
  })
  return storedDit(
    path,
    kind,
    { transformer, ...parts },
    {
      // Nothing tells how a file was trained: as its family was.
      trained: { noiseSchedule: stableDiffusionNoise, schedulerConfig: null, predictionType: 'flow' },
      studio,
      layout: 'single-file',
      tokenizer,
      previewVae: studio.previewVae === undefined ? null : join(dirname(path), studio.previewVae),
      isDistilled: false,
    },
  )
}
