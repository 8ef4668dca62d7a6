import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import type { FileKind, FolderTool } from '../../../shared/models/ownedFile.ts'
import { extraModelFiles, readExtraModelPaths } from './extraModelPaths.ts'
import { parseYaml } from './parseYaml.ts'
import type { Saying } from '../../../shared/notices.ts'

/** A place to look for models in. */
export interface ModelPlace {
  path: string
  tool: FolderTool | null
  /** What it is for, where its own name does not say so. */
  expected: FileKind | null
}

interface Layout {
  tool: FolderTool
  isIt: (names: ReadonlySet<string>) => boolean
  /** Where models lie below it. */
  places: (folder: string) => Promise<string[]> | string[]
}

const has =
  (...wanted: string[]) =>
  (names: ReadonlySet<string>): boolean =>
    wanted.every((name) => names.has(name))
const below =
  (...parts: string[]) =>
  (folder: string): string[] =>
    parts.map((part) => join(folder, part))

/** Programs' own folders hold hundred thousands of files beside the models: those alone are looked through. */
const layouts: readonly Layout[] = [
  { tool: 'Forge', isIt: has('webui.py', 'modules_forge'), places: below('models', 'embeddings') },
  {
    tool: 'AUTOMATIC1111',
    isIt: has('webui.py', 'modules'),
    places: below('models', 'embeddings', 'extensions/sd-webui-controlnet/models'),
  },
  { tool: 'SwarmUI', isIt: (names) => has('Models')(names) && isSwarm(names), places: swarmPlaces },
  { tool: 'StabilityMatrix', isIt: has('Models', 'Packages'), places: below('Models') },
  { tool: 'StabilityMatrix', isIt: has('StabilityMatrix', 'Models'), places: below('Models') },
  { tool: 'ComfyUI', isIt: has('models', 'custom_nodes'), places: below('models') },
  { tool: 'InvokeAI', isIt: has('invokeai.yaml'), places: invokePlaces },
  { tool: 'InvokeAI', isIt: has('models', 'databases'), places: below('models') },
  {
    tool: 'Hugging Face',
    isIt: (names) => [...names].some((name) => /^models--/.test(name)),
    places: below('.'),
  },
]

const isSwarm = (names: ReadonlySet<string>): boolean =>
  [...names].some((name) =>
    /^(SwarmUI\.sln|StableSwarmUI\.sln|launch-(linux|macos)\.sh|launch-windows\.bat)$/.test(name),
  )

/** Folders in which a program keeps its own one level down: portable ComfyUI, StabilityMatrix, the Hugging Face home. */
const wrappers = ['ComfyUI', 'Data', 'hub', 'webui', 'SwarmUI']

/**
 * Where models lie in a folder that a person chose: in those of a program's layout that are for models, else in all of
 * it; and what of a program's own lists could not be read.
 */
export async function modelPlaces(folder: string): Promise<{ places: ModelPlace[]; problems: Saying[] }> {
  const names = new Set(await readdir(folder).catch(() => []))
  const own = await placesOf(folder, names)
  if (own) return own
  for (const wrapper of wrappers.filter((name) => names.has(name))) {
    const inner = join(folder, wrapper)
    const found = await placesOf(inner, new Set(await readdir(inner).catch(() => [])))
    if (found) return found
  }
  return { places: [{ path: folder, tool: toolOfModels(folder, names), expected: null }], problems: [] }
}

async function placesOf(
  folder: string,
  names: ReadonlySet<string>,
): Promise<{ places: ModelPlace[]; problems: Saying[] } | null> {
  const layout = layouts.find(({ isIt }) => isIt(names))
  if (!layout) return null
  const { tool } = layout
  const places = (await layout.places(folder)).map((path): ModelPlace => ({ path, tool, expected: null }))
  const lists = tool === 'ComfyUI' ? await Promise.all(extraModelFiles(folder).map(readExtraModelPaths)) : []
  return {
    places: [...places, ...lists.flatMap((list) => list.folders.map((extra) => ({ ...extra, tool })))],
    problems: lists.flatMap(({ problem }) => problem ?? []),
  }
}

/** A program's folder of models that was chosen without the program around it. */
function toolOfModels(folder: string, names: ReadonlySet<string>): FolderTool | null {
  const is = (...wanted: string[]): boolean => wanted.every((name) => names.has(name))
  if (!/^models$/i.test(basename(folder))) return null
  if (is('checkpoints', 'loras')) return 'ComfyUI'
  if (is('Stable-diffusion')) return 'AUTOMATIC1111'
  if (is('Stable-Diffusion')) return 'SwarmUI'
  return is('StableDiffusion') ? 'StabilityMatrix' : null
}

/** InvokeAI's configuration may put the models elsewhere. */
async function invokePlaces(folder: string): Promise<string[]> {
  const text = await readShort(join(folder, 'invokeai.yaml'))
  try {
    const { models_dir: said } = ((await parseYaml(text)) ?? {}) as { models_dir?: unknown }
    return [resolve(folder, typeof said === 'string' ? said : 'models')]
  } catch {
    return [join(folder, 'models')]
  }
}

/** SwarmUI's settings may name several folders of models, with `;` between them. */
async function swarmPlaces(folder: string): Promise<string[]> {
  const text = await readShort(join(folder, 'Data', 'Settings.fds'))
  const said = /^\s*ModelRoot:\s*(.+?)\s*$/m.exec(text)?.[1] ?? 'Models'
  const roots = said
    .split(';')
    .map((root) => root.trim())
    .filter(Boolean)
  return roots.map((root) => (isAbsolute(root) ? root : join(folder, root)))
}

/** A program's own settings file; nothing where there is none, or something else under its name. */
async function readShort(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() && found.size < 2 ** 20 ? readFile(path, 'utf8').catch(() => '') : ''
}
