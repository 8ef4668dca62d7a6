import packageJson from '../../package.json' with { type: 'json' }
import type { EngineCalls, EngineEvents, EngineTask } from '../shared/engine/engineContract.ts'
import type { UnetLook } from './graph/unet/look.ts'
import { estimateRun } from './memory/estimateRun.ts'
import { drawMix } from './lab/drawMix.ts'
import { insideCalls, teller } from './lab/insideCalls.ts'
import { raceCalls } from './lab/raceCalls.ts'
import { checkChannels, decodeLatents, encodePicture, traceRun } from './lab/looks.ts'
import { describeModel, readModel } from './model/openModel.ts'
import { noiseSchedule } from './plan/noiseSchedule.ts'
import { onePlace } from './onePlace.ts'
import { prepare } from './prepare.ts'
import { planSampling } from './plan/sampling.ts'
import { upscaleTask } from './upscale/upscalePicture.ts'
import { upscalerWork } from './upscale/upscalerWork.ts'
import { keepLoaded, openLeg, type Dressed, type Load } from './loadedModel.ts'
import { runTask } from './runTask.ts'
import { promptReader } from './text/promptReadings.ts'

/** What the engine process serves: one loaded model, one task at a time. */
export function createEngine(events: EngineEvents): EngineCalls {
  const load = keepLoaded(events.warning)
  const open: OpenLeg = (task, leg, look) => openLeg(task, leg, { load, warn: events.warning, look })
  const place = onePlace()
  const { alone } = place

  return {
    async ping() {},
    run: (task, evaluations = []) =>
      alone(task.jobId, (stopIfCancelled) => {
        const isWatched = (): boolean => place.isWatched(task.jobId)
        return runTask(task, evaluations, { open, events: { ...events, isWatched }, stopIfCancelled })
      }),
    upscale: (task) => alone(task.jobId, (stopIfCancelled) => upscaleTask(task, events, stopIfCancelled)),
    ...lookCalls(alone, load, open, events),
    ...insideCalls(alone, open, events),
    ...raceCalls(alone, (task) => open(task, 0), events),
    watch: place.watch,
    cancel: place.cancel,
    describeModel,
    async checkRequest(path, request) {
      const { facts } = await readModel(path)
      planSampling(request, { ...facts, noiseSchedule: noiseSchedule(facts.noiseSchedule) })
    },
    readPrompts: promptReader(),
    estimate: estimateRun,
    upscalerWork,
    async examineModel(path, options) {
      const { examineModel } = await import('./model/doctor.ts')
      return examineModel(path, options)
    },
    async examineFiles(paths) {
      const { examineFiles } = await import('./model/examineFiles.ts')
      return examineFiles(paths)
    },
    async headerThumbnail(path) {
      const [{ thumbnailIn }, { readSafetensors }] = await Promise.all([
        import('./model/files/headerTexts.ts'),
        import('./model/files/safetensors.ts'),
      ])
      return thumbnailIn((await readSafetensors(path)).metadata)
    },
    async hashFile(path) {
      const { hashFile } = await import('./model/files/fileHashes.ts')
      return hashFile(path)
    },
    versions,
    async preprocess(picture, preprocessor, settings) {
      const { preprocess } = await import('./control/preprocess/preprocess.ts')
      return preprocess(picture, preprocessor, settings)
    },
    ...deviceCalls,
  }
}

/** The calls about what networks run on. */
const deviceCalls: Pick<EngineCalls, 'devices' | 'findTurbo' | 'testTurbo'> = {
  async devices() {
    const { listDevices } = await import('./model/runtime/devices.ts')
    return listDevices()
  },
  async findTurbo(path, device) {
    const { findTurbo } = await import('./model/turboChoice.ts')
    return findTurbo(path, device)
  },
  async testTurbo(path) {
    const [{ testTurboFor }, { testPublished }] = await Promise.all([
      import('./model/turboChoice.ts'),
      import('./model/runtime/turboRecords.ts'),
    ])
    await (path === null ? testPublished() : testTurboFor(path))
  },
}

async function versions(): ReturnType<EngineCalls['versions']> {
  const { onnxRuntimeVersion } = await import('./model/runtime/session.ts')
  return { engine: packageJson.version, onnxRuntime: await onnxRuntimeVersion() }
}

type OpenLeg = (task: EngineTask, leg: number, look?: UnetLook) => Promise<Dressed>

type Alone = <T>(jobId: string, work: (stopIfCancelled: () => void) => Promise<T>) => Promise<T>

/** The calls that look into a model and make no picture. */
const lookCalls = (
  alone: Alone,
  load: Load,
  open: OpenLeg,
  events: EngineEvents,
): Pick<EngineCalls, 'prepare' | 'encodePicture' | 'decodeLatents' | 'trace' | 'drawMix'> => ({
  prepare: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const { model, tokenizers } = await open(task, 0)
      await prepare(model, tokenizers, task, stopIfCancelled)
    }),
  encodePicture: (task) =>
    alone(task.jobId, async (stopIfCancelled) =>
      encodePicture(
        (await load(task.modelPath, task.device, task.request.turbo === true)).model,
        task,
        stopIfCancelled,
      ),
    ),
  decodeLatents: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const { model, previewer } = await load(task.modelPath, task.device)
      checkChannels(model, task.latents)
      return (await previewer.sketch(task.latents)) ?? decodeLatents(model, task.latents, stopIfCancelled)
    }),
  trace: (task) =>
    alone(task.jobId, (stopIfCancelled) => traceRun((leg) => open(task, leg), task, stopIfCancelled)),
  drawMix: (task, mix) =>
    alone(task.jobId, (stopIfCancelled) =>
      drawMix((leg) => open(task, leg), task, mix, { tell: teller(task, events), stopIfCancelled }),
    ),
})
