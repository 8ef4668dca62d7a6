import type { ImageRecord } from '../../shared/library/history.ts'
import type { Descent, Lineage, LineageLink } from '../../shared/library/lineage.ts'
import { isDrawn, type ResolvedRequest } from '../../shared/request/request.ts'
import { isInpainted } from '../../shared/request/inpaint.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import { inputId, type Inputs } from '../pictures/inputs.ts'
import type { Database } from './database/database.ts'
import type { History } from './history.ts'
import { importedId } from '../imports/readImport.ts'
import { readOwnPicture } from './ownPictures.ts'

/** Pictures that are looked at for one lineage. */
const mostRelatives = 200

/**
 * Finds what a picture came from and what came from it, near ones first. A starting picture is a copy of a picture's file,
 * so it tells itself which one it was, and a file's hash tells where it was started from; one that was changed by another
 * program is no copy any more. Throws `not-found`.
 */
export function createLineage(parts: {
  database: Database
  history: Pick<History, 'image'>
  imageFiles: Pick<ImageFiles, 'read'>
  inputs: Pick<Inputs, 'original'>
}): (id: string) => Promise<Lineage> {
  const { database, history, imageFiles, inputs } = parts
  const branches = database.prepare('SELECT imageId FROM imageBranches WHERE parentId = ?').pluck()
  const startedFrom = database.prepare('SELECT imageId FROM imageInputs WHERE inputId = ?').pluck()

  /** The picture of the history that an input is a copy of; null: none that is known. */
  async function originOf(input: string): Promise<string | null> {
    const copy = await inputs.original(input).catch(() => null)
    const own = (copy && (await readOwnPicture(copy.path))?.id) ?? null
    return own ?? (imageOrNull(history, importedId(input)) && importedId(input))
  }

  async function parentsOf(image: ImageRecord): Promise<LineageLink[]> {
    const branch = isDrawn(image.request) ? image.request.branch : null
    const links: LineageLink[] = []
    if (branch) links.push({ parentId: branch.imageId, childId: image.id, how: 'branch' })
    for (const { input, how } of inputsOf(image.request)) {
      const parentId = await originOf(input)
      if (parentId !== null && parentId !== image.id) links.push({ parentId, childId: image.id, how })
    }
    return links
  }

  async function childrenOf(image: ImageRecord): Promise<string[]> {
    const file = await imageFiles.read(image.path).catch(() => null)
    const started = file ? (startedFrom.all(inputId(file)) as string[]) : []
    return [...(branches.all(image.id) as string[]), ...started]
  }

  return async (id) => {
    const found = new Map<string, ImageRecord>([[id, history.image(id)]])
    const links = new Map<string, LineageLink>()
    // It grows while it is gone through.
    for (const image of found.values()) {
      const parents = await parentsOf(image)
      for (const link of parents) links.set(JSON.stringify(link), link)
      for (const near of [...parents.map(({ parentId }) => parentId), ...(await childrenOf(image))]) {
        const relative = found.has(near) || found.size >= mostRelatives ? null : imageOrNull(history, near)
        if (relative) found.set(near, relative)
      }
    }
    const images = [...found.values()].sort((one, other) => one.createdAt - other.createdAt)
    const areKnown = ({ parentId, childId }: LineageLink): boolean =>
      found.has(parentId) && found.has(childId)
    return { images, links: withRepeats(images, [...links.values()].filter(areKnown)) }
  }
}

/** What was made by the request of an older picture (a rerun, or one to verify it) came from that one alone. */
function withRepeats(oldestFirst: readonly ImageRecord[], links: readonly LineageLink[]): LineageLink[] {
  const firsts = new Map<string, string>()
  const repeats = new Map<string, LineageLink>()
  for (const { id: childId, request, imported } of oldestFirst) {
    if (imported) continue
    const asked = JSON.stringify({ ...request, grid: null })
    const parentId = firsts.get(asked)
    if (parentId === undefined) firsts.set(asked, childId)
    else repeats.set(childId, { parentId, childId, how: 'again' })
  }
  return [...links.filter(({ childId }) => !repeats.has(childId)), ...repeats.values()]
}

/** One that is deleted for good has no place in the lineage. */
function imageOrNull(history: Pick<History, 'image'>, id: string): ImageRecord | null {
  try {
    return history.image(id)
  } catch {
    return null
  }
}

function inputsOf(request: ResolvedRequest): { input: string; how: Descent }[] {
  const { initImage, upscaleOf, editOf, references, controls } = request
  // What the picture was drawn from is told by the one that was drawn.
  if (editOf) return [{ input: editOf.id, how: 'edit' }]
  if (upscaleOf) return [{ input: upscaleOf.id, how: 'upscale' }]
  const asStart: Descent = isInpainted(request) ? 'inpainting' : 'image'
  return [
    ...(initImage ? [{ input: initImage.id, how: asStart }] : []),
    ...references.map(({ id }) => ({ input: id, how: 'reference' as const })),
    ...controls.flatMap(({ image }) => (image ? [{ input: image.id, how: 'control' as const }] : [])),
  ]
}
