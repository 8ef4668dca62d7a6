import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { ModelInfo, ModelRecord } from '../../shared/models/models.ts'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import type { FileDefaults } from '../../shared/models/ownedFile.ts'
import type { ExaminedFile } from './files/examinations.ts'
import { modelName } from './files/fileNames.ts'
import { stemOf } from './files/companions.ts'
import type { FileLibrary } from './files/fileLibrary.ts'
import type { FoundFile } from './folders/folderScan.ts'
import { modelFingerprint } from './files/modelHash.ts'
import { withinTime } from './folders/timeLimit.ts'

/** A model on disk that nobody has looked into yet. */
export interface FoundModel extends Omit<ModelRecord, 'info' | 'problem'> {
  /** false: a link that leads nowhere. */
  isThere: boolean
}

export interface ModelLibrary {
  list(): Promise<ModelRecord[]>
  /** Looks through the folders again. */
  rescan(): Promise<ModelRecord[]>
  /** A model by id, by name, with its ending or without, or by path. Throws `not-found`, or `bad-request` when several have that name. */
  find(nameOrPath: string): Promise<ModelRecord>
  /** What was found on disk, not looked into. */
  found(): Promise<readonly FoundModel[]>
  /** What a model was when it was last looked into; undefined where nobody has. */
  lastSeen(path: string): ModelRecord | undefined
}

export interface ModelLibraryOptions {
  files: FileLibrary
  describe: (path: string) => Promise<ModelInfo>
  /** What a person wants a model to start from. */
  defaultsOf: (path: string) => FileDefaults
  /** Whether a path that is in none of the folders will do. */
  allowAnyPath: boolean
  /** A model that was waited for in vain has answered. */
  answeredLate: () => void
}

/** How long a model may take to say what it is, in ms: a disk that sleeps needs some seconds. */
const patienceMs = 20_000

/** The models that pictures are made with: those that ship, and those in the folders a person named. */
export function openModelLibrary(options: ModelLibraryOptions): ModelLibrary {
  const { files } = options
  const { describe: describeFiles, lastSeen } = createDescriber(options)
  const withDefaults = (record: ModelRecord): ModelRecord =>
    startingFrom(record, options.defaultsOf(record.path))
  const describe = async (model: FoundModel): Promise<ModelRecord> => withDefaults(await describeFiles(model))
  const found = async (): Promise<FoundModel[]> => (await files.examined()).filter(isModel).map(toFoundModel)

  /** With the defaults as they are once all are known: a list that took long is not older than one that is asked for later. */
  const list = async (): Promise<ModelRecord[]> =>
    (await Promise.all((await found()).map(describeFiles))).map(withDefaults)

  return {
    found,
    list,
    lastSeen,
    rescan() {
      files.rescan()
      return list()
    },
    async find(nameOrPath) {
      const present = (await files.found()).map(toFoundModel)
      const exact = present.find((model) => isCalled(model, nameOrPath))
      if (exact) return describe(exact)
      const path = resolve(nameOrPath)
      const isPath = options.allowAnyPath && existsSync(path)
      const said = isPath || isWithFolders(nameOrPath) ? nameOrPath : stemOf(nameOrPath)
      const isNamed = ({ name }: FoundModel): boolean => name.toLowerCase() === said.toLowerCase()
      const named = present.filter(isNamed)
      if (named.length === 1) return describe(named[0])
      // A LoRA may have a checkpoint's name.
      const models = await found()
      const others = models.filter(isNamed)
      if (others.length === 1) return describe(others[0])
      if (others.length > 1) throw severalModels(nameOrPath, others)
      if (!isPath) throw noModel(nameOrPath, models)
      const given = { id: path, formerId: null, name: modelName(path), path }
      return describe({ ...given, builtIn: false, isThere: true })
    },
  }
}

/** Asks models what they are, and remembers what they said as long as their files stay as they are. */
function createDescriber(
  options: Pick<ModelLibraryOptions, 'describe' | 'answeredLate'>,
): Pick<ModelLibrary, 'lastSeen'> & { describe: (model: FoundModel) => Promise<ModelRecord> } {
  const descriptions = new Map<string, { fingerprint: string; record: Promise<ModelRecord> }>()
  /** Models that were waited for in vain: nobody waits again, or asks again, until they answer. */
  const late = new Set<string>()
  const lastSeen = new Map<string, ModelRecord>()

  async function lookInto({ isThere, ...model }: FoundModel): Promise<ModelRecord> {
    const fingerprint = await modelFingerprint(model.path).catch(() => 'gone')
    const known = descriptions.get(model.path)
    if (known?.fingerprint === fingerprint) return known.record
    const info = isThere ? options.describe(model.path) : Promise.reject(leadsNowhere(model.path))
    const record = info.then(
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

  async function describe(model: FoundModel): Promise<ModelRecord> {
    const { isThere: _isThere, ...rest } = model
    const unanswered: ModelRecord = { ...rest, info: null, problem: doesNotAnswer(model.path) }
    if (late.has(model.path)) return unanswered
    const work = lookInto(model).finally(() => late.delete(model.path))
    const record = await withinTime(work, patienceMs, null)
    if (!record) {
      late.add(model.path)
      void work.then(options.answeredLate)
    }
    lastSeen.set(model.path, record ?? unanswered)
    return record ?? unanswered
  }

  return { describe, lastSeen: (path) => lastSeen.get(path) }
}

/** Checkpoints, and what may be one but cannot be read, where no folder says that it is something else. */
const isModel = ({ path, examination, expected }: ExaminedFile): boolean =>
  examination.kind === 'checkpoint' ||
  (examination.kind === 'unknown' &&
    (expected === null || expected === 'checkpoint') &&
    ['.safetensors', '.sft', '.ckpt'].includes(extname(path).toLowerCase()))

/** A model as its owner wants it to start: that counts before what its own files say. */
function startingFrom(record: ModelRecord, { width, height, ...defaults }: FileDefaults): ModelRecord {
  const { info } = record
  if (!info) return record
  return {
    ...record,
    info: {
      ...info,
      defaultWidth: width ?? info.defaultWidth,
      defaultHeight: height ?? info.defaultHeight,
      defaults: { ...info.defaults, ...defaults },
    },
  }
}

const toFoundModel = ({ id, formerId, name, path, builtIn, seen }: FoundFile): FoundModel => ({
  id,
  formerId,
  name,
  path,
  builtIn,
  isThere: seen !== null,
})

const isWithFolders = (name: string): boolean => /[/\\]/.test(name)

const isLasting = (code: string): boolean =>
  !['internal', 'engine-crashed', 'disconnected', 'out-of-memory', 'not-found'].includes(code)

const isCalled = ({ id, formerId, path }: FoundModel, said: string): boolean =>
  id === said || formerId === said || path === resolve(said)
const leadsNowhere = (path: string): StudioError =>
  new StudioError(
    'not-found',
    `${path} is a link, and what it leads to is not there or may not be read. Mend the link, or remove it.`,
  )

const doesNotAnswer = (path: string): ModelRecord['problem'] => ({
  code: 'not-found',
  message: `${path} has not answered for ${patienceMs / 1000} seconds. Look whether its disk or network folder is there, then look for models again.`,
})

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
