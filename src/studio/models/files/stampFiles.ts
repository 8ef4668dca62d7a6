import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pictureEndings, textEndings } from './companions.ts'
import type { ModelOnDisk } from '../findModels.ts'
import { withinTime } from '../folders/timeLimit.ts'

/** A file as it was last seen: changes whenever it is replaced. */
interface Seen {
  path: string
  size: number
  modifiedAt: number
  /** Size and time of modification. */
  stamp: string
}

export interface StampedModel extends ModelOnDisk {
  /** null: it is gone, or a link that leads nowhere. */
  seen: Seen | null
  /** What other programs say of it, and a picture made with it. */
  texts: readonly Seen[]
  picture: Seen | null
}

/** How long a disk may take for all files together, in ms. */
const patienceMs = (files: number): number => 10_000 + 20 * files

/** Looks at the size and time of models and what lies beside them; those that no answer came for are left out. */
export async function stampFiles(models: readonly ModelOnDisk[]): Promise<StampedModel[]> {
  const stamped: StampedModel[] = []
  let isOver = false
  // One after the other: a disk that hangs then holds one thread and not all.
  async function lookAtAll(): Promise<void> {
    for (const model of models) {
      if (isOver) return
      stamped.push(await stampModel(model))
    }
  }
  await withinTime(lookAtAll(), patienceMs(models.length), undefined)
  isOver = true
  return stamped
}

async function stampModel(model: ModelOnDisk): Promise<StampedModel> {
  const seen = model.realPath === null ? null : await look(model.path)
  const folder = model.isFolder ? model.path : dirname(model.path)
  const texts: Seen[] = []
  for (const name of withEndings(model.companions, textEndings)) {
    const text = await look(join(folder, name))
    if (text) texts.push(text)
  }
  const [picture] = withEndings(model.companions, pictureEndings)
  return { ...model, seen, texts, picture: picture ? await look(join(folder, picture)) : null }
}

/** In the order of the endings. */
const withEndings = (names: readonly string[], endings: readonly string[]): string[] =>
  endings.flatMap((ending) =>
    names.filter((name) => {
      const isIt = name.toLowerCase().endsWith(ending)
      return (
        isIt &&
        !endings.some((longer) => longer.length > ending.length && name.toLowerCase().endsWith(longer))
      )
    }),
  )

/** Regular files and folders alone: to read others may never end. */
async function look(path: string): Promise<Seen | null> {
  const found = await stat(path, { bigint: true }).catch(() => null)
  if (!found || (!found.isFile() && !found.isDirectory())) return null
  const { size, mtimeNs, mtimeMs } = found
  return {
    path,
    size: found.isFile() ? Number(size) : 0,
    modifiedAt: Number(mtimeMs),
    stamp: `${size} ${mtimeNs}`,
  }
}
