import { legsOf } from '../../shared/request/legs.ts'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import type { Mix } from '../../shared/engine/engineLooks.ts'
import { StudioError } from '../../shared/errors.ts'
import { walkLimits } from '../../shared/calls/mixCalls.ts'
import type { Device, ResolvedRequest } from '../../shared/request/request.ts'
import { slerp } from '../../shared/interpolation.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import type { Events } from '../events.ts'
import { animate, animationFormats, animationTypes } from '../pictures/animation.ts'
import { encodePng } from '../pictures/images.ts'
import type { Previews } from '../pictures/previews.ts'
import type { SettingsFile } from '../settings.ts'
import type { Drafts } from '../jobs/drafts.ts'
import { unpacked } from './packNumbers.ts'
import { openableModel } from '../models/openableModel.ts'
import { taskOfPicture, type PictureParts } from './taskOfPicture.ts'

interface Parts extends PictureParts {
  drafts: Drafts
  engine: EngineProcess
  events: Events
  previews: Previews
  settings: SettingsFile
}

type Asked<Call extends 'mix' | 'walk'> = Parameters<StudioCalls[Call]>[0]

/** The calls that draw what lies between pictures: see `MixCalls`. */
export const mixCalls = (parts: Parts) =>
  ({
    mix: (asked) => mix(parts, asked),
    walk: (asked) => walk(parts, asked),
    walkFormats: animationFormats,
  }) satisfies Partial<StudioCalls>

const mix = (parts: Parts, { imageId, other, noise = 0, text = 0 }: Asked<'mix'>) =>
  parts.drafts.look(async () => {
    const task = await taskOfPicture(parts, imageId)
    const request =
      'word' in other ? withWord(begun(task.request), other.word) : requestOf(parts, other.imageId)
    return {
      device: task.request.device,
      async ask(jobId, device) {
        const pixels = await parts.engine.calls.drawMix(onDevice(task, jobId, device), {
          request,
          noise,
          text,
        })
        return parts.previews.keepFile('mix', { bytes: await encodePng(pixels), type: 'image/png' })
      },
    }
  })

/** The first leg of a branch, into which is mixed; all of what is none. */
const begun = (request: ResolvedRequest): ResolvedRequest => legsOf(request)[0].request

const requestOf = ({ history }: Parts, imageId: string): ResolvedRequest =>
  begun(history.image(imageId).request)

/** The same request, saying one thing more. */
function withWord(request: ResolvedRequest, word: string): ResolvedRequest {
  const added = (said: string): string => (said.trim() === '' ? word : `${said}, ${word}`)
  const { prompt, prompt2 } = request
  return { ...request, prompt: added(prompt), prompt2: prompt2 === null ? null : added(prompt2) }
}

const onDevice = (
  task: Omit<EngineTask, 'jobId' | 'device' | 'firstImage' | 'isDraft'>,
  jobId: string,
  device: Device,
) => ({
  ...task,
  ...{ jobId, device, firstImage: 0, isDraft: false },
})

/** Draws what lies between two ends at a share of the second. */
interface Way {
  device: Device
  draw(share: number, jobId: string, device: Device): Promise<Pixels>
}

const walk = (parts: Parts, { frames, format, between }: Asked<'walk'>) =>
  parts.drafts.look(async () => {
    const way = await ('model' in between ? throughLatents(parts, between) : throughRuns(parts, between))
    return {
      device: way.device,
      async ask(jobId, device, stopIfOvertaken) {
        const drawn: Pixels[] = []
        for (let frame = 0; frame < frames; frame++) {
          stopIfOvertaken()
          drawn.push(await way.draw(frame / (frames - 1), jobId, device))
          parts.events.emit.walkProgress({ done: drawn.length, frames })
        }
        const bytes = await animate(drawn, format, walkLimits.framesASecond)
        stopIfOvertaken()
        const { width, height } = drawn[0]
        const url = parts.previews.keepFile('walk', { bytes, type: animationTypes[format] })
        return { url, bytes: bytes.length, width, height }
      },
    }
  })

/** Throws `bad-request` where the two ends have not the same shape. */
async function throughLatents(
  { engine, models, settings }: Parts,
  { model, from, to }: Extract<Asked<'walk'>['between'], { model: string }>,
): Promise<Way> {
  const { path: modelPath } = await openableModel(models, model)
  const [{ data: start, ...shape }, { data: end, ...other }] = [unpacked(from), unpacked(to)]
  if (JSON.stringify(Object.values(shape)) !== JSON.stringify(Object.values(other)))
    throw new StudioError('bad-request', 'A walk needs two ends of the same shape.')
  return {
    device: settings.current().device,
    draw: (share, jobId, device) =>
      engine.calls.decodeLatents({
        ...{ jobId, modelPath, device },
        latents: { ...shape, data: slerp(start, end, share) },
      }),
  }
}

async function throughRuns(
  parts: Parts,
  { imageId, otherId, noise, text }: Extract<Asked<'walk'>['between'], { imageId: string }>,
): Promise<Way> {
  const task = await taskOfPicture(parts, imageId)
  const request = requestOf(parts, otherId)
  return {
    device: task.request.device,
    draw(share, jobId, device) {
      const shares: Mix = { request, noise: noise ? share : 0, text: text ? share : 0 }
      return parts.engine.calls.drawMix(onDevice(task, jobId, device), shares)
    },
  }
}
