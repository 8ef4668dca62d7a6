import { mostIds } from '../../shared/library/history.ts'
import { conditionNames, conditionOf, type ConditionName } from '../../shared/library/comparison.ts'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Desktop } from '../desktop.ts'
import type { Events } from '../events.ts'
import { inspectPicture } from '../metadata/readGeneration.ts'
import { infotextOf } from '../metadata/imageMetadata.ts'
import type { Queue } from '../jobs/queue/queue.ts'
import { comparePictures } from '../pictures/comparePictures.ts'
import { convertToPng } from '../pictures/images.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import type { Inputs } from '../pictures/inputs.ts'
import type { PictureExports } from '../pictures/pictureExports.ts'
import type { Database } from './database/database.ts'
import { emptyTrash } from './emptyTrash.ts'
import type { History } from './history.ts'
import { markChangeSchema, type MarkedImage } from '../../shared/library/marks.ts'
import type { MarkChanges, MarksChanged } from './marks/changeMarks.ts'
import { createLineage } from './lineage.ts'
import type { PictureLooks } from './similar/pictureLooks.ts'
import { whenUnlocked } from './database/whenUnlocked.ts'

export interface HistoryParts {
  database: Database
  desktop: Desktop | undefined
  events: Events
  exports: PictureExports
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  looks: PictureLooks
  marks: MarkChanges
  queue: Queue
}

/** The calls about finished pictures. */
export function historyCalls(parts: HistoryParts) {
  const { events, history, imageFiles, looks, marks } = parts
  const setTrashed = async (ids: readonly string[], trashedAt: number | null): Promise<void> => {
    await whenUnlocked(() => history.setTrashed(ids, trashedAt))
    events.emit.historyChanged()
  }
  const mark = async (write: () => MarksChanged): Promise<MarkedImage[]> => {
    const { before, after } = await whenUnlocked(write)
    if (after.length > 0) events.emit.marksChanged(after)
    return before
  }
  return {
    async history(query) {
      await looks.ready(query.search ?? '')
      return whenUnlocked(() =>
        history.page({ search: '', cursor: null, limit: 60, trashed: false, ...query }),
      )
    },
    async historyIds(query) {
      await looks.ready(query.search ?? '')
      return whenUnlocked(() => history.ids({ search: '', trashed: false, ...query }, mostIds))
    },
    async facets(query) {
      await looks.ready(query.search ?? '')
      return whenUnlocked(() => history.facets({ search: '', trashed: false, ...query }))
    },
    mark: (ids, change) => mark(() => marks.change(ids, markChangeSchema.parse(change))),
    restoreMarks: (marked) => mark(() => marks.restore(marked)),
    image: (id) => whenUnlocked(() => history.image(id)),
    family: (id) => whenUnlocked(() => history.family(id)),
    ...relationCalls(parts),
    ...desktopCalls(parts),
    async imageText(id) {
      const image = await whenUnlocked(() => history.image(id))
      if (!image.imported) return infotextOf(image)
      return (await inspectPicture(await imageFiles.read(image.path)))?.text ?? ''
    },
    exportImages: (ids, format) => parts.exports.prepare(ids, format),
    trash: (ids) => setTrashed(ids, Date.now()),
    restore: (ids) => setTrashed(ids, null),
    async emptyTrash() {
      try {
        return await emptyTrash(parts)
      } finally {
        events.emit.historyChanged()
      }
    },
  } satisfies Partial<StudioCalls>
}

/** What pictures have to do with each other. */
function relationCalls({ database, history, imageFiles, inputs }: HistoryParts) {
  return {
    async compareImages(oneId, otherId) {
      const [one, other] = [history.image(oneId), history.image(otherId)]
      const pixels = await comparePictures(await imageFiles.read(one.path), await imageFiles.read(other.path))
      // Of the circumstances of an imported picture nothing is known but the model.
      const isKnown = (name: ConditionName): boolean =>
        name === 'modelHash' || !(one.imported || other.imported)
      const conditions = conditionNames.filter(isKnown).map((name) => ({
        name,
        values: [conditionOf(one, name), conditionOf(other, name)] as [string, string],
      }))
      return { pixels, conditions: conditions.filter(({ values: [before, after] }) => before !== after) }
    },
    lineage: createLineage({ database, history, imageFiles, inputs }),
  } satisfies Partial<StudioCalls>
}

function desktopCalls({ desktop, history, imageFiles }: HistoryParts) {
  const theDesktop = (): Desktop => {
    if (desktop) return desktop
    throw new StudioError(
      'bad-request',
      'Files are shown and dragged by the desktop app alone; here they can be saved.',
    )
  }
  return {
    showInFolder: async (id) => theDesktop().showInFolder(history.pathOf(id)),
    async dragOut(ids) {
      const paths = ids.map((id) => history.pathOf(id))
      const icon = await convertToPng(await imageFiles.thumbnail(ids[0], paths[0]))
      theDesktop().startDrag(paths, icon)
    },
  } satisfies Partial<StudioCalls>
}
