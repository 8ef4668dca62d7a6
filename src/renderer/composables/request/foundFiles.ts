import type { FileMatch, WantedFile } from '../../../shared/models/models.ts'
import type { Generation } from '../../../shared/library/generation.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import { builtInUpscaler, isNetworkUpscaler } from '../../../shared/models/upscalers.ts'
import { sameFileName } from '../../../shared/request/usedFiles.ts'
import { studio } from '../../studio.ts'

/** A file that a picture names, and what is here for it. */
export interface FoundFile extends WantedFile {
  match: FileMatch | null
}

/** The files that a generation needs beside its model, looked up. */
export async function findFilesOf({ request, unmapped }: Generation): Promise<FoundFile[]> {
  const wanted: WantedFile[] = [
    ...(request.files ?? []).map(({ kind, name, hash }) => ({ kind, name, hash })),
    ...unmapped.flatMap(({ file }) => (file ? [{ ...file, hash: null }] : [])),
    ...upscalersOf(request).map((name) => ({ kind: 'upscaler' as const, name, hash: null })),
  ]
  const each = wanted.filter((file, index) => wanted.findIndex((one) => isSame(one, file)) === index)
  if (each.length === 0) return []
  const matches = await studio.findFiles(each).catch(() => each.map(() => null))
  return each.map((file, index) => ({ ...file, match: matches[index] ?? null }))
}

const isSame = (one: WantedFile, other: WantedFile): boolean =>
  one.kind === other.kind && sameFileName(one.name, other.name)

const upscalersOf = ({ hires, upscale }: GenerationRequestInput): string[] =>
  [hires?.upscaler, upscale?.upscaler].filter((name) => name !== undefined).filter(isNetworkUpscaler)

/**
 * The request without the LoRAs and the VAE that are not here, and with the upscaler that ships in the place of those that
 * are not; tags stay as they were written.
 */
export function withFilesHere(
  request: GenerationRequestInput,
  files: readonly FoundFile[],
): GenerationRequestInput {
  const isGone = (kind: WantedFile['kind'], name: string): boolean =>
    files.some((file) => isSame(file, { kind, name, hash: null }) && file.match === null)
  const here = <Pass extends { upscaler?: string }>(pass: Pass | null | undefined) =>
    pass && isGone('upscaler', pass.upscaler ?? '') ? { ...pass, upscaler: builtInUpscaler } : pass
  const { adapters = [], vae = null, hires, upscale } = request
  return {
    ...request,
    adapters: adapters.filter(({ name }) => !isGone('lora', name)),
    vae: vae !== null && isGone('vae', vae) ? null : vae,
    hires: here(hires),
    upscale: here(upscale),
  }
}
