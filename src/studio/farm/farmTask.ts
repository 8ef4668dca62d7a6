import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'

/** A file or folder by what is in it: the files of a model, and of another that it takes parts from. */
export interface FarmPath {
  /** The name of the file or folder itself. */
  name: string
  /** Every file of it, below the folder that it lies in, with forward slashes. */
  files: { below: string; sha256: string; bytes: number }[]
}

/** A picture by the sha256 of its RGB bytes. */
export interface FarmPixels {
  width: number
  height: number
  sha256: string
}

/** A task with its pictures as something else. */
export type TaskWith<Picture> = Omit<EngineTask, 'initImage' | 'mask' | 'references' | 'controls'> & {
  initImage: Picture | null
  mask: Picture | null
  references: Picture[]
  controls: (Omit<EngineTask['controls'][number], 'picture'> & { picture: Picture })[]
}

/** A task as it travels: paths are keys of `paths`, pictures are named by their hashes. */
export interface FarmTask {
  task: TaskWith<FarmPixels>
  paths: Record<string, FarmPath>
}

/** A task with other paths and pictures. */
export async function translated<From, To>(
  task: TaskWith<From>,
  path: (path: string) => Promise<string>,
  pixels: (picture: From) => Promise<To>,
): Promise<TaskWith<To>> {
  const pathOrNull = async (given: string | null): Promise<string | null> => given && path(given)
  const pictureOrNull = async (given: From | null): Promise<To | null> => given && pixels(given)
  const named = async <Named extends { path: string }>(files: readonly Named[]): Promise<Named[]> =>
    Promise.all(files.map(async (file) => ({ ...file, path: await path(file.path) })))
  const dressed = async <
    Dressed extends Pick<EngineTask, 'modelPath' | 'adapters' | 'embeddings' | 'vaePath'>,
  >(
    model: Dressed,
  ): Promise<Dressed> => ({
    ...model,
    modelPath: await path(model.modelPath),
    adapters: await named(model.adapters),
    embeddings: await named(model.embeddings),
    vaePath: await pathOrNull(model.vaePath),
  })
  return {
    ...(await dressed(task)),
    before: await Promise.all((task.before ?? []).map(dressed)),
    hiresUpscaler: await pathOrNull(task.hiresUpscaler),
    upscaler: await pathOrNull(task.upscaler),
    initImage: await pictureOrNull(task.initImage),
    mask: await pictureOrNull(task.mask),
    references: await Promise.all(task.references.map(pixels)),
    controls: await Promise.all(
      task.controls.map(async (control) => ({
        ...control,
        path: await path(control.path),
        picture: await pixels(control.picture),
      })),
    ),
  }
}

/** A task of the engine with all that it may leave out. */
export const wholeTask = (task: EngineTask): TaskWith<Pixels> => ({
  ...task,
  references: [...(task.references ?? [])],
  controls: [...task.controls],
})
