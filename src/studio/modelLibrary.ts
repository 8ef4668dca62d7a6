import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import type { ModelInfo, ModelRecord } from '../shared/contract.ts'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import { modelFingerprint } from './modelHash.ts'

/** A model on disk that nobody has looked into yet. */
type FoundModel = Omit<ModelRecord, 'info' | 'problem'>

export interface ModelLibrary {
  list(): Promise<ModelRecord[]>
  /** Looks through the folders again. */
  rescan(): Promise<ModelRecord[]>
  /** A model by id, by name or by path. Throws `not-found`, or `bad-request` when several have that name. */
  find(nameOrPath: string): Promise<ModelRecord>
}

export interface ModelLibraryOptions {
  builtInFolder: string
  folders: () => readonly string[]
  describe: (path: string) => Promise<ModelInfo>
  /** Whether a path that is in none of the folders will do. */
  allowAnyPath: boolean
}

/** The models there are: those that ship, and those in the folders a person named. */
export function openModelLibrary(options: ModelLibraryOptions): ModelLibrary {
  let scan: Promise<FoundModel[]> | null = null
  const descriptions = new Map<string, { fingerprint: string; record: Promise<ModelRecord> }>()

  const found = (): Promise<FoundModel[]> => (scan ??= findModels(options))

  async function describe(model: FoundModel): Promise<ModelRecord> {
    const fingerprint = await modelFingerprint(model.path).catch(() => 'gone')
    const known = descriptions.get(model.path)
    if (known?.fingerprint === fingerprint) return known.record
    const record = options.describe(model.path).then(
      (info): ModelRecord => ({ ...model, info, problem: null }),
      (error): ModelRecord => {
        // Only what is in the files is remembered: an engine that died may answer next time.
        if (!isLasting(toErrorRecord(error).code)) descriptions.delete(model.path)
        return { ...model, info: null, problem: toErrorRecord(error) }
      },
    )
    descriptions.set(model.path, { fingerprint, record })
    return record
  }

  const list = async (): Promise<ModelRecord[]> => Promise.all((await found()).map(describe))

  return {
    list,
    rescan() {
      scan = null
      return list()
    },
    async find(nameOrPath) {
      const models = await found()
      const exact = models.find(({ id, path }) => id === nameOrPath || path === resolve(nameOrPath))
      if (exact) return describe(exact)
      const named = models.filter(({ name }) => name.toLowerCase() === nameOrPath.toLowerCase())
      if (named.length === 1) return describe(named[0])
      if (named.length > 1) throw severalModels(nameOrPath, named)
      const path = resolve(nameOrPath)
      if (!options.allowAnyPath || !existsSync(path)) throw noModel(nameOrPath, models)
      return describe({ id: path, name: modelName(path), path, builtIn: false })
    },
  }
}

const isLasting = (code: string): boolean =>
  !['internal', 'engine-crashed', 'disconnected', 'out-of-memory', 'not-found'].includes(code)

async function findModels({ builtInFolder, folders }: ModelLibraryOptions): Promise<FoundModel[]> {
  const builtIn = (await modelsBelow(builtInFolder)).map((path) => ({
    id: modelName(path),
    name: modelName(path),
    path,
    builtIn: true,
  }))
  const paths = new Set((await Promise.all(folders().map((folder) => modelsBelow(resolve(folder))))).flat())
  const others = [...paths].map((path) => {
    const digest = createHash('sha256').update(path).digest('hex').slice(0, 8)
    return { id: `${modelName(path)}-${digest}`, name: modelName(path), path, builtIn: false }
  })
  return [...builtIn, ...others.sort((one, other) => one.name.localeCompare(other.name))]
}

const modelName = (path: string): string => basename(path).replace(/\.(safetensors|ckpt)$/i, '')

const deepest = 5

/** Folders in the diffusers layout and single files. `.ckpt` files are listed too, so that it is said why not. */
async function modelsBelow(folder: string, depth = 0): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (entries.some(({ name }) => name === 'model_index.json')) return [folder]
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path)))
      return depth < deepest ? modelsBelow(path, depth + 1) : []
    return ['.safetensors', '.ckpt'].includes(extname(entry.name).toLowerCase()) ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

const noModel = (name: string, models: readonly FoundModel[]): StudioError =>
  new StudioError(
    'not-found',
    `There is no model called "${name}". The models are: ${models.map((model) => model.id).join(', ')}. Add the folder it lies in to the model folders.`,
  )

const severalModels = (name: string, models: readonly FoundModel[]): StudioError =>
  new StudioError(
    'bad-request',
    `Several models are called "${name}". Say which by its id: ${models.map(({ id, path }) => `${id} (${path})`).join(', ')}.`,
  )
