import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Generation } from '../../shared/library/generation.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../shared/request/request.ts'
import type { NewImage } from '../history/images/imageRow.ts'
import { readOwnMetadata } from '../metadata/imageMetadata.ts'
import { inspectPicture } from '../metadata/readGeneration.ts'
import { pictureHeader } from '../pictures/images.ts'
import type { PictureOnDisk } from './findPictures.ts'

const mostBytes = 256 * 2 ** 20

/** What a picture is called by the sha256 of its file: moved or copied, it is the same one. */
export const importedId = (sha256: string): string => `file-${sha256.slice(0, 40)}`

/**
 * What the history is told of a picture that lies somewhere else; null: it is none that can be read, or one that `isOwn` knows
 * by its id. Throws what keeps its file from being read now.
 */
export async function readImport(
  { path, modifiedAt }: PictureOnDisk,
  isOwn: (id: string) => boolean,
): Promise<NewImage | null> {
  const bytes = await readWhole(path)
  const header = bytes && (await pictureHeader(bytes, basename(path)).catch(() => null))
  if (!bytes || !header) return null
  const { width, height } = header
  const ownId = ownIdIn(bytes)
  if (ownId !== null && isOwn(ownId)) return null
  // What cannot be read of it is said when its settings are wanted.
  const generation = await inspectPicture(bytes).catch(() => null)
  const { request, recorded } = requestOf(generation, { width, height })
  const id = importedId(createHash('sha256').update(bytes).digest('hex'))
  return {
    id,
    jobId: 'imported',
    createdAt: Math.floor(modifiedAt),
    width,
    height,
    file: `imported/${id}`,
    request,
    model: { id: '', name: generation?.model?.name ?? '', hash: generation?.model?.hash ?? '' },
    imported: { path, tool: generation?.source ?? null, recorded },
    ...nothingKnown,
  }
}

/** The circumstances, of which no other program tells. */
const nothingKnown = {
  engineVersion: '',
  onnxRuntimeVersion: '',
  device: 'cpu',
  dtype: 'float32',
  timings: {
    load: 0,
    textEncode: 0,
    denoise: 0,
    decode: 0,
    total: 0,
    unetRuns: 0,
    unetRunMs: 0,
    runMs: 0,
  },
} as const

/** The id that a picture which was made here, or a copy of it, has in the history. */
export function ownIdIn(bytes: Buffer): string | null {
  try {
    return readOwnMetadata(bytes)?.id ?? null
  } catch {
    return null
  }
}

/** The bytes of a regular file of at most 256 MiB; null: it is none. */
async function readWhole(path: string): Promise<Buffer | null> {
  const file = await open(path)
  try {
    const status = await file.stat()
    return status.isFile() && status.size <= mostBytes ? await file.readFile() : null
  } finally {
    await file.close()
  }
}

/** What such a picture refers to lies elsewhere, or belongs to a history that is not this one. */
const references = [
  'initImage',
  'mask',
  'references',
  'controls',
  'upscaleOf',
  'editOf',
  'branch',
  'grid',
] as const

/** The request that a file's generation data stands for, and which of its fields it tells. */
export function requestOf(
  generation: Generation | null,
  size: { width: number; height: number },
): { request: ResolvedRequest; recorded: string[] } {
  const told = Object.fromEntries(
    Object.entries(generation?.request ?? {}).filter(
      ([name, value]) => value !== undefined && !(references as readonly string[]).includes(name),
    ),
  )
  const parsed = generationRequestSchema.parse(told)
  const request = {
    ...parsed,
    seed: parsed.seed ?? 0,
    width: parsed.width ?? size.width,
    height: parsed.height ?? size.height,
  }
  const recorded = Object.keys(told).filter((name) => name !== 'seed' || parsed.seed !== null)
  return { request, recorded }
}
