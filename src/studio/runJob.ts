import type { ImageRecord, ModelRecord, Progress } from '../shared/contract.ts'
import type { EngineCalls, EngineEvents, EngineImage } from '../shared/engineContract.ts'
import { StudioError } from '../shared/errors.ts'
import { createEta } from './eta.ts'
import type { Inputs } from './inputs.ts'
import type { StoredJob } from './jobStore.ts'
import type { ModelLibrary } from './modelLibrary.ts'

/** What a run reports while it goes on. */
export interface RunListener {
  progress(progress: Progress): void
  /** A finished image was saved: its row stands. */
  saved(image: ImageRecord): void
}

/** What is known of an image beside its pixels and its request. */
export interface RunFacts {
  model: ImageRecord['model']
  engineVersion: string
  onnxRuntimeVersion: string
}

export interface RunParts {
  engine: EngineCalls
  models: ModelLibrary
  inputs: Inputs
  modelHash(path: string): Promise<string>
  /** Writes the picture, then its row together with the job's count of images. */
  saveImage(job: StoredJob, image: EngineImage, facts: RunFacts): Promise<ImageRecord>
  /** Keeps a preview and answers its URL. */
  keepPreview(jobId: string, pixels: EngineImage['pixels']): Promise<string>
}

/** A job being run: hand it the engine's events, and wait for `ended`, which rejects when it fails. */
export interface Run {
  readonly events: EngineEvents
  readonly ended: Promise<void>
  /** Asks for the end at the next evaluation. */
  cancel(): void
}

/** Runs a job from its first image that is not saved yet to its last. */
export function runJob(job: StoredJob, parts: RunParts, listener: RunListener): Run {
  const { request, id: jobId } = job
  const eta = createEta(request.batchSize)
  let cancelled = false
  let saves: Promise<void> = Promise.resolve()
  let saveProblem: unknown = null
  let facts: RunFacts | null = null
  let previewing = false
  let progress: Progress = {
    phase: 'starting',
    image: job.imagesDone,
    images: request.batchSize,
    step: 0,
    steps: request.steps,
    etaMs: null,
    previewUrl: null,
    stopping: false,
  }

  function report(change: Partial<Progress>): void {
    progress = { ...progress, ...change }
    listener.progress(progress)
  }

  async function save(image: EngineImage): Promise<void> {
    if (saveProblem) return
    try {
      listener.saved(await parts.saveImage(job, image, facts!))
    } catch (error) {
      saveProblem = error
      void parts.engine.cancel(jobId).catch(() => {})
    }
  }

  async function showPreview(pixels: EngineImage['pixels']): Promise<void> {
    // A preview that comes while the last one is still being written is not worth the wait.
    if (previewing) return
    previewing = true
    try {
      report({ previewUrl: await parts.keepPreview(jobId, pixels) })
    } finally {
      previewing = false
    }
  }

  async function run(): Promise<void> {
    report({})
    const model = await openableModel(parts.models, request.model)
    const [versions, hash, initImage] = await Promise.all([
      parts.engine.versions(),
      parts.modelHash(model.path),
      readInitImage(job, parts.inputs),
    ])
    facts = {
      model: { id: model.id, name: model.name, hash },
      engineVersion: versions.engine,
      onnxRuntimeVersion: versions.onnxRuntime,
    }
    if (cancelled) throw new StudioError('cancelled', 'The job was cancelled.')
    const { path: modelPath } = model
    const task = { jobId, modelPath, device: request.device, request, firstImage: job.imagesDone, initImage }
    try {
      await parts.engine.run(task)
      report({ phase: 'saving', etaMs: 0 })
    } finally {
      await saves
    }
  }

  return {
    events: {
      progress({ phase, image, step, steps, jobId: of }) {
        if (of === jobId)
          report({ phase, image, step, steps, etaMs: eta({ jobId, phase, image, step, steps }) })
      },
      preview: (of, pixels) => void (of === jobId && showPreview(pixels).catch(() => {})),
      image: (image) => void (image.jobId === jobId && (saves = saves.then(() => save(image)))),
    },
    ended: run().then(
      () => {
        if (saveProblem) throw saveProblem
      },
      (error) => {
        throw saveProblem ?? error
      },
    ),
    cancel() {
      cancelled = true
      report({ stopping: true })
      void parts.engine.cancel(jobId).catch(() => {})
    },
  }
}

/** The model of that name, if it can be opened; otherwise throws what is wrong with it. */
export async function openableModel(
  models: ModelLibrary,
  name: string,
): Promise<ModelRecord & { info: NonNullable<ModelRecord['info']> }> {
  const model = await models.find(name)
  const { info, problem } = model
  if (info) return { ...model, info }
  throw new StudioError(problem?.code ?? 'bad-checkpoint', problem?.message ?? `${name} cannot be opened.`)
}

async function readInitImage(job: StoredJob, inputs: Inputs) {
  const { initImage, width, height } = job.request
  return initImage && inputs.pixels(initImage.id, width, height, initImage.resizeMode)
}
