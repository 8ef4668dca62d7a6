import { withPromptsOf } from '../shared/request/batch.ts'
import type { EngineEvents, EngineProgress, EngineTask, Evaluation } from '../shared/engine/engineContract.ts'
import { predictionTeller } from './lab/tellPredictions.ts'
import { explainBadImage } from './picture/badImage.ts'
import type { Parts } from './model/networks/builtNetworks.ts'
import type { Model } from './model/model.ts'
import type { Target } from './model/networks/networks.ts'
import { readModel } from './model/openModel.ts'
import { readSwappedVae } from './model/networks/swappedVae.ts'
import { paint, type Painted, type Subject } from './pipeline.ts'
import { replaying, type Evaluations } from './replay.ts'
import { startStopwatch, type Stopwatch } from './stopwatch.ts'
import { enlargeBy, upscaled } from './upscale/upscalePicture.ts'
import type { Dressed, Palette } from './loadedModel.ts'
import { saying } from '../shared/notices.ts'

const replayed = (dressed: Dressed, evaluations: Evaluations): Dressed => ({
  ...dressed,
  model: evaluations.of(dressed.model),
})

/** Whom a run tells, and whether of its predictions too. */
interface Listening extends EngineEvents {
  isWatched(): boolean
}

interface Running {
  /** Opens the model of a leg of a task, in as much memory as there is for it. */
  open(task: EngineTask, leg: number): Promise<Dressed>
  events: Listening
  stopIfCancelled: () => void
}

/** Makes the pictures of a task, and tells of each; see `run` of the contract. */
export async function runTask(
  task: EngineTask,
  evaluations: readonly Evaluation[],
  { open: openLeg, events, stopIfCancelled }: Running,
): Promise<void> {
  const { jobId, isDraft, request, initImage, mask, references = [], controls, firstImage } = task
  events.progress({ jobId, phase: 'loading', image: firstImage, step: 0, steps: request.steps, pass: null })
  // What is known of a picture goes on as it began.
  const begun = evaluations.find(({ together }) => together !== null)?.together
  const recorded = request.guidanceTogether ?? begun ?? null
  const drawn = { ...task, request: { ...request, guidanceTogether: recorded } }
  const opened = (leg: number): Promise<Dressed> => openLeg(drawn, leg)
  const first = await opened(0)
  const { model, palette } = first
  for (let index = firstImage; index < request.batchSize; index++) {
    stopIfCancelled()
    const stopwatch = startStopwatch(model.tallies, palette.loadMs)
    palette.loadMs = 0
    const replay = replaying(index === firstImage ? evaluations : [], request.unetWidening, {
      hear: (evaluation) => {
        if (!isDraft) events.evaluated(jobId, index, evaluation)
      },
      differs: () => events.warning(saying('otherWidening')),
    })
    const open = async (leg: number): Promise<Dressed> => {
      const dressed = await opened(leg)
      stopwatch.join(dressed.model.tallies, dressed.palette.loadMs)
      dressed.palette.loadMs = 0
      return replayed(dressed, replay)
    }
    const own = { request: withPromptsOf(request, index), index }
    const subject = { ...own, initImage, mask, references, controls, open }
    const painted = await paintTelling(
      replayed(first, replay),
      task,
      subject,
      events,
      stopwatch,
      stopIfCancelled,
    )
    if (!painted) continue
    const beforeTile = (step: number, steps: number): void => {
      stopIfCancelled()
      stopwatch.enter('upscaling')
      events.progress({ jobId, phase: 'upscaling', image: index, step, steps, pass: null })
    }
    const pixels = await upscaled(painted.pixels, task, upscalerTarget(model), beforeTile)
    const { device: usedDevice, dtype } = model
    const [unetWidening, guidanceTogether] = [replay.widening(), replay.together()]
    if (recorded && guidanceTogether === false) events.warning(saying('otherGuidance'))
    const made = { device: usedDevice, dtype, unetWidening, guidanceTogether, timings: stopwatch.stop() }
    events.image({ jobId, index, ...painted, pixels, ...made })
  }
}

/** Upscalers run where the model does, in single precision. */
const upscalerTarget = ({ device, tallies }: Model): Target => ({
  device,
  dialect: { attention: 'fused', precision: 'float32' },
  tallies,
})

/** Paints one picture and tells of every stage. null: a draft that was sketched, and is told of as a preview. */
async function paintTelling(
  dressed: Dressed,
  { jobId, isDraft, vaePath, hiresUpscaler }: EngineTask,
  given: Omit<Subject, 'open'> & { open: (leg: number) => Promise<Dressed> },
  events: Listening,
  stopwatch: Stopwatch,
  stopIfCancelled: () => void,
): Promise<Painted | null> {
  let now = dressed
  const { model, tokenizers } = dressed
  const open = async (leg: number): Promise<Dressed> => (now = await given.open(leg))
  const predictions = predictionTeller({ jobId, image: given.index, isWatched: events.isWatched }, events)
  const subject = { ...given, open, watch: predictions.watch }
  const by = subject.request.hires?.upscaler ?? 'Lanczos'
  const enlarge = enlargeBy(by, hiresUpscaler, upscalerTarget(model), stopIfCancelled)
  let pass: EngineProgress['pass'] = null
  const beforePart = (done: number, parts: number): void => {
    stopIfCancelled()
    // Between two passes it is the steps that tell where the picture stands.
    if (pass === null)
      events.progress({
        jobId,
        phase: 'decoding',
        image: subject.index,
        step: done,
        steps: parts,
        pass: null,
      })
  }
  const painting = paint(model, tokenizers, subject, stopIfCancelled, beforePart, enlarge)
  dressed.palette.previewer.begin()
  for (;;) {
    const { value, done } = await painting.next().catch(async (error: unknown) => {
      const parts = () => partsOf(now.palette, vaePath)
      throw await explainBadImage(error, { model: now.model, parts, request: subject.request })
    })
    if (done) return value
    const { previewer } = now.palette
    const { phase, step, steps, denoised, finished } = value
    pass = value.pass
    stopwatch.enter(phase)
    events.progress({ jobId, phase, image: subject.index, step, steps, pass })
    if (isDraft) {
      // What was painted has to be put back into its picture, in pixels.
      const sketch = finished && !subject.request.inpaint && (await previewer.sketch(finished))
      if (!sketch) continue
      events.preview(jobId, sketch)
      return null
    }
    if (denoised) await predictions.tell(now.model, denoised)
    const preview = denoised && (await previewer.draw(denoised, now.model))
    if (preview) events.preview(jobId, preview)
  }
}

/** The networks that a picture was made with, as far as they can be looked through. */
async function partsOf({ path, model }: Palette, vaePath: string | null): Promise<Parts | null> {
  const { parts } = await readModel(path)
  return parts && vaePath !== null ? { ...parts, vae: await readSwappedVae(vaePath, model) } : parts
}
