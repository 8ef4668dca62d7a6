import { existsSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { UsedFile } from '../../shared/request/adapters.ts'
import {
  builtInUpscaler,
  filterUpscalers,
  isLatentUpscaler,
  isNetworkUpscaler,
  type UpscalerRecord,
} from '../../shared/models/upscalers.ts'
import { builtInUpscalersFolder } from '../paths.ts'
import type { OwnedFiles } from './owned/ownedFiles.ts'
import { saying, type Saying } from '../../shared/notices.ts'

/** The networks that enlarge pictures: the one that ships, and those among a person's files. */
export interface UpscalerFiles {
  list(): Promise<UpscalerRecord[]>
  /** Where the network of a name lies, and which file it is; the file of a hash comes before that of a name. Throws `not-found`. */
  find(name: string, hash?: string | null): Promise<{ path: string; file: UsedFile; said: Saying | null }>
  /** Where the network of a name lies, unread. Throws `not-found`. */
  pathOf(name: string): Promise<string>
}

export function openUpscalerFiles(options: {
  owned: Pick<OwnedFiles, 'files' | 'findFile'>
  /** At least the first ten digits of a file's sha256. */
  hashFile: (path: string) => Promise<string>
  /** Whether a path that is in none of the folders will do. */
  allowAnyPath: boolean
}): UpscalerFiles {
  const { owned, hashFile, allowAnyPath } = options

  async function pathOf(name: string): Promise<{ name: string; path: string }> {
    if (name === builtInUpscaler) return { name, path: builtInUpscalerPath }
    const isPath = /\.(safetensors|onnx|pth|pt|ckpt|bin)$/i.test(extname(name))
    if (allowAnyPath && isPath && existsSync(resolve(name)))
      return { name: resolve(name), path: resolve(name) }
    return owned.findFile('upscaler', name)
  }

  return {
    pathOf: async (name) => (await pathOf(name)).path,
    async list() {
      const files = (await owned.files()).filter(({ kind }) => kind === 'upscaler')
      return [
        { name: builtInUpscaler, builtIn: true, problem: null },
        ...files.map(({ name, problem }) => ({ name, builtIn: false, problem })),
        ...filterUpscalers.map((name) => ({ name, builtIn: true, problem: null })),
      ]
    },
    async find(name, hash = null) {
      const byHash = hash === null ? null : await owned.findFile('upscaler', hash).catch(() => null)
      const found = byHash ?? (await pathOf(name))
      const actual = await hashFile(found.path)
      const isOther = hash !== null && !hash.startsWith(actual) && !actual.startsWith(hash)
      return {
        path: found.path,
        file: { kind: 'upscaler', name, hash: actual, autoV3: null },
        said: isOther
          ? saying('upscalerOther', { file: name })
          : byHash && byHash.name !== name
            ? saying('upscalerRenamed', { file: name, name: byHash.name })
            : null,
      }
    },
  }
}

const builtInUpscalerPath = join(builtInUpscalersFolder, builtInUpscaler, 'model.safetensors')

/** The upscalers of a request: their files, and the request with their hashes. */
export async function findUpscalers(
  request: ResolvedRequest,
  upscalers: UpscalerFiles,
): Promise<{
  request: ResolvedRequest
  paths: { hiresUpscaler: string | null; upscaler: string | null }
  said: Saying[]
}> {
  refuseLatents(request)
  const used = [request.hires?.upscaler, request.upscale?.upscaler]
  const others = request.files.filter(({ kind, name }) => kind !== 'upscaler' || used.includes(name))
  const files: UsedFile[] = []
  const said: Saying[] = []
  const pathOf = async (name: string | undefined): Promise<string | null> => {
    if (name === undefined || !isNetworkUpscaler(name)) return null
    const known = request.files.find((file) => file.kind === 'upscaler' && file.name === name)
    const found = await upscalers.find(name, known?.hash ?? null)
    if (!files.some((file) => file.name === name)) files.push(found.file)
    if (found.said) said.push(found.said)
    return found.path
  }
  const paths = {
    hiresUpscaler: request.upscaleOf ? null : await pathOf(request.hires?.upscaler),
    upscaler: await pathOf(request.upscale?.upscaler),
  }
  const unfound = others.filter(
    ({ kind, name }) => !files.some((file) => file.kind === kind && file.name === name),
  )
  return { request: { ...request, files: [...unfound, ...files] }, paths, said }
}

/** Where the networks lie that a request enlarges with, unread; null where it needs none or none is here. */
export async function whereUpscalersLie(
  { hires, upscale }: ResolvedRequest,
  { pathOf }: UpscalerFiles,
): Promise<{ hiresUpscaler: string | null; upscaler: string | null }> {
  const lookedUp = async (name: string | undefined): Promise<string | null> =>
    name !== undefined && isNetworkUpscaler(name) ? pathOf(name).catch(() => null) : null
  return { hiresUpscaler: await lookedUp(hires?.upscaler), upscaler: await lookedUp(upscale?.upscaler) }
}

function refuseLatents({ upscale }: ResolvedRequest): void {
  if (!upscale || !isLatentUpscaler(upscale.upscaler)) return
  throw new StudioError(
    'bad-request',
    `upscale: "${upscale.upscaler}" stretches latents and needs a second pass (hires). Take ${builtInUpscaler}, Lanczos or another upscaler for a finished picture.`,
  )
}
