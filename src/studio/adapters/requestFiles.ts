import type { FileMatch, WantedFile } from '../../shared/models/models.ts'
import { missingPicture } from '../../shared/request/controls.ts'
import type { EngineEmbedding, EngineTask, SizedTask } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import { isOfFamily } from '../../shared/models/families.ts'
import { loraTags, readsTags } from '../../shared/prompt/loraTags.ts'
import type { OwnedFile } from '../../shared/models/ownedFile.ts'
import { limits } from '../../shared/request/limits.ts'
import type { Adapter, UsedFile } from '../../shared/request/adapters.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { builtInUpscaler } from '../../shared/models/upscalers.ts'
import { sameFileName, usedFile } from '../../shared/request/usedFiles.ts'
import { namedBy, type Inputs } from '../pictures/inputs.ts'
import { checkFamily } from './families.ts'
import { findAgain, findByName, findOwned, type FileParts, type LocatedFile } from './findFiles.ts'
import { namedFiles, otherFiles, type NamedFile, type NamingRequest } from './namedFiles.ts'
import type { Saying } from '../../shared/notices.ts'

/** What an engine task has beside its request: files by their paths. */
export type TaskFiles = Pick<EngineTask, 'adapters' | 'embeddings' | 'vaePath' | 'controls'>

/** Whether a file of this name is here. */
type IsHere = (kind: UsedFile['kind'], name: string) => boolean

/** The files that requests name, among those that a person has. */
export interface RequestFiles {
  /**
   * A request whose prompts are filled, with all files it names that are here: by the hashes it knows first, then by name.
   * Tags and embeddings that are not here are left out. Throws `not-found` for a LoRA or a VAE that is chosen beside the
   * prompt, `bad-request` for a strength, a name that several have or a file for another family of models, and what is
   * wrong with a file.
   */
  resolve(request: ResolvedRequest, family: string): Promise<ResolvedRequest>
  /** A request that ran, with its files where they lie now. Throws `not-found` for one that is gone. */
  findAgain(request: ResolvedRequest): Promise<ResolvedRequest>
  /** What the engine gets for images with these adapters. Throws `not-found` for a file that is gone. */
  forTask(request: ResolvedRequest, adapters: readonly Adapter[]): Promise<TaskFiles>
  /** The files of a request that is only thought about, unread; those that are not here are left out. */
  whereTheyLie(request: ResolvedRequest): Promise<Pick<SizedTask, 'adapters' | 'vaePath' | 'controls'>>
  /** The embeddings that its prompts name, unread. */
  embeddingsIn(request: NamingRequest, family: string): Promise<EngineEmbedding[]>
  /** Files that another program names, in their order; null for one that is not here. */
  match(wanted: readonly WantedFile[]): Promise<(FileMatch | null)[]>
  /** Which files are here that a request names; none is read for it. */
  whoIsHere(request: NamingRequest, family: string | null): Promise<IsHere>
}

interface Parts extends FileParts {
  inputs: Inputs
  /** Tells the person of a file that has another name now, or is another one. */
  say(said: Saying): void
}

export const openRequestFiles = (parts: Parts): RequestFiles => ({
  async resolve(request, family) {
    checkStrengths(request)
    const located: LocatedFile[] = []
    for (const named of namedFiles(request, await embeddingNames(parts, family))) {
      const found = await locateNamed(named, request.files, parts)
      if (!found) continue
      checkFamily(found.file, family)
      located.push(found)
    }
    return { ...request, files: [...take(located, parts), ...otherFiles(request.files)] }
  },
  async findAgain(request) {
    const located: LocatedFile[] = []
    const isOwn = ({ kind }: UsedFile): boolean => kind !== 'upscaler'
    for (const used of request.files.filter(isOwn)) located.push(await findAgain(used, parts))
    // Upscalers are found by whoever opens them: one of them ships.
    const others = request.files.filter((used) => !isOwn(used))
    return { ...request, files: [...take(located, parts), ...others] }
  },
  forTask: (request, adapters) => taskFiles(request, adapters, parts),
  whereTheyLie: (request) => lyingFiles(request, parts),
  embeddingsIn: (request, family) => embeddingsIn(request, family, parts),
  match: (wanted) => Promise.all(wanted.map((one) => matchFile(one, parts))),
  whoIsHere: (request, family) => whoIsHere(request, family, parts),
})

/** Says what is to be said of files, and throws what is wrong with one. */
function take(located: readonly LocatedFile[], { say }: Parts): UsedFile[] {
  return located.map(({ used, file: { problem }, said }) => {
    if (problem) throw new StudioError(problem.code, problem.message)
    if (said) say(said)
    return used
  })
}

async function embeddingNames({ owned }: Parts, family: string | null): Promise<string[]> {
  const isUsable = (file: OwnedFile): boolean =>
    file.kind === 'embedding' && file.problem === null && isOfFamily(file, family)
  return (await owned.files()).filter(isUsable).map(({ name }) => name)
}

/** null: it is not here, and need not be. */
async function locateNamed(
  { kind, name, isNeeded }: NamedFile,
  known: readonly UsedFile[],
  parts: Parts,
): Promise<LocatedFile | null> {
  const hint = usedFile(known, kind, name)
  try {
    return await (hint ? findAgain({ ...hint, name }, parts) : findByName(kind, name, parts))
  } catch (error) {
    if (isNeeded || !(error instanceof StudioError) || error.code !== 'not-found') throw error
    return null
  }
}

async function taskFiles(
  { files, vae, controls, width, height }: ResolvedRequest,
  adapters: readonly Adapter[],
  parts: Parts,
): Promise<TaskFiles> {
  const pathOf = async (kind: UsedFile['kind'], name: string): Promise<string> => {
    const asked = usedFile(files, kind, name)!
    const { used, file, said } = await findAgain(asked, parts)
    // That it has another name was said when the job was queued.
    if (said && used.hash !== asked.hash) parts.say(said)
    return file.path
  }
  const embeddings = files.filter(({ kind }) => kind === 'embedding')
  return {
    adapters: await Promise.all(
      adapters.map(async (adapter) => ({ ...adapter, path: await pathOf('lora', adapter.name) })),
    ),
    embeddings: await Promise.all(
      embeddings.map(async ({ name }) => ({ name, path: await pathOf('embedding', name) })),
    ),
    vaePath: vae === null ? null : await pathOf('vae', vae),
    controls: await Promise.all(
      controls.map(async ({ model, image, ...control }, index) => {
        if (!image) throw new StudioError('bad-request', missingPicture(index))
        const { id, resizeMode } = image
        const path = await pathOf('controlnet', model)
        const reading = parts.inputs.pixels(id, width, height, resizeMode)
        return { ...control, path, picture: await namedBy(`controls.${index}.image`, reading) }
      }),
    ),
  }
}

async function lyingFiles(
  { prompt, seedConvention, adapters, vae, controls }: ResolvedRequest,
  { owned }: Parts,
): Promise<Pick<SizedTask, 'adapters' | 'vaePath' | 'controls'>> {
  const pathOf = (kind: UsedFile['kind'], name: string): Promise<string | null> =>
    findOwned(kind, name, owned).then(
      ({ path }) => path,
      () => null,
    )
  const located = async <Named extends object>(kind: UsedFile['kind'], name: string, named: Named) => {
    const path = await pathOf(kind, name)
    return path === null ? [] : [{ ...named, path }]
  }
  const tags = readsTags(seedConvention) ? loraTags(prompt) : []
  const worn = [...tags, ...adapters].map(({ name, unet, text, blocks }) => ({ name, unet, text, blocks }))
  const [adapterFiles, controlFiles] = await Promise.all([
    Promise.all(worn.map((adapter) => located('lora', adapter.name, adapter))),
    Promise.all(controls.map(({ model, weight }) => located('controlnet', model, { weight }))),
  ])
  return {
    adapters: adapterFiles.flat(),
    controls: controlFiles.flat(),
    vaePath: vae === null ? null : await pathOf('vae', vae),
  }
}

async function embeddingsIn(
  request: NamingRequest,
  family: string,
  parts: Parts,
): Promise<EngineEmbedding[]> {
  const here = await embeddingNames(parts, family)
  const named = namedFiles(request, here).filter(({ kind }) => kind === 'embedding')
  const found = named.map(({ kind, name }) => findOwned(kind, name, parts.owned).catch(() => null))
  const files = (await Promise.all(found)).filter((file) => file !== null)
  return files.map(({ name, path }) => ({ name, path }))
}

async function matchFile({ kind, name, hash }: WantedFile, parts: Parts): Promise<FileMatch | null> {
  if (kind === 'upscaler' && name === builtInUpscaler) return { name, by: 'hash' }
  const isKnown = hash !== null && /^[0-9a-f]{8,64}$/.test(hash)
  const looked = isKnown
    ? findAgain({ kind, name, hash, autoV3: null }, parts)
    : findByName(kind, name, parts)
  const found = await looked.catch(() => null)
  return found && { name: found.file.name, by: found.by }
}

async function whoIsHere(request: NamingRequest, family: string | null, parts: Parts): Promise<IsHere> {
  const embeddings = await embeddingNames(parts, family)
  const here: Pick<UsedFile, 'kind' | 'name'>[] = embeddings.map((name) => ({ kind: 'embedding', name }))
  for (const { kind, name } of namedFiles(request, [])) {
    const hash = usedFile(request.files, kind, name)?.hash
    for (const said of [hash, name])
      if (said !== undefined && (await isThere(kind, said, parts))) here.push({ kind, name })
  }
  return (kind, name) => here.some((file) => file.kind === kind && sameFileName(file.name, name))
}

/** Several of one name are there too, and a broken one: that is said when it is used. */
const isThere = (kind: UsedFile['kind'], said: string, { owned }: Parts): Promise<boolean> =>
  findOwned(kind, said, owned).then(
    () => true,
    (error: unknown) => !(error instanceof StudioError && error.code === 'not-found'),
  )

/** Throws `bad-request` for a tag whose strength is no number within the limits. */
function checkStrengths({ prompt, batchPrompts, seedConvention }: ResolvedRequest): void {
  if (!readsTags(seedConvention)) return
  const { min, max } = limits.adapterStrength
  const tags = [prompt, ...(batchPrompts ?? []).map((one) => one.prompt)].flatMap(loraTags)
  const wrong = tags.find(({ badStrength }) => badStrength !== null)
  if (!wrong) return
  const message = `prompt: the strength in ${wrong.written} must be a number from ${min} to ${max}, found "${wrong.badStrength}".`
  throw new StudioError('bad-request', message)
}
