import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { planCard } from '../../src/engine/memory/cardPlan.ts'
import { runCosts } from '../../src/engine/memory/runCosts.ts'
import { keepLoaded, openLeg, type Dressed } from '../../src/engine/loadedModel.ts'
import { readModel } from '../../src/engine/model/openModel.ts'
import type { Target } from '../../src/engine/model/networks/networks.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { runTask } from '../../src/engine/runTask.ts'
import type { EngineImage, EngineTask, Evaluation } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'

const modelPath = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
const load = keepLoaded(() => {})
afterAll(async () => (await load(modelPath, 'cpu')).model.release())

const task: EngineTask = {
  ...{ jobId: 'job', modelPath, device: 'cpu', firstImage: 0, isDraft: false },
  ...{ adapters: [], embeddings: [], controls: [] },
  ...{ vaePath: null, initImage: null, mask: null, hiresUpscaler: null, upscaler: null },
  request: {
    ...generationRequestSchema.parse({ prompt: 'a blue circle', steps: 4, guidanceScale: 5 }),
    ...{ seed: 3, width: 64, height: 64 },
  },
}

interface Card {
  /** What its self-test found: how much faster guidance is in one run. */
  together: Target['together']
  /** A byte less than a run of both needs. */
  isShort?: boolean
}
const faster = [{ side: 64, speed: 1.2 }]
const slower = [{ side: 64, speed: 0.8 }]

/** Plans a task as for a graphics card, and computes on the CPU what is planned. */
const openOn =
  ({ together, isShort = false }: Card) =>
  async (asked: EngineTask, leg: number): Promise<Dressed> => {
    const dressed = await openLeg(asked, leg, { load, warn: () => {} })
    const { facts, parts } = await readModel(modelPath)
    const dialect = { attention: 'sliced', precision: 'float16' } as const
    const target: Target = { device: 'webgpu', dialect, tallies: newTallies(), together }
    const costs = await runCosts({ facts, parts: parts! }, asked, target)
    const free = isShort ? planCard(costs, Infinity).peakBytes - 1 : Infinity
    const plan = planCard(costs, free)
    dressed.palette.model.useMemory({ unetMakesRoom: false, widening: 'at opening', together: plan.together })
    return { ...dressed, model: { ...dressed.model, device: 'webgpu' } }
  }

/** A picture of the task, all answers for it, how many times the U-Net ran for it, and what the person was told. */
async function made(card: Card, guidanceTogether: boolean | null = null, known: readonly Evaluation[] = []) {
  const { tallies } = (await load(modelPath, 'cpu')).model
  const before = tallies.unet.runs
  const answers = copies(known)
  const told: string[] = []
  const images: EngineImage[] = []
  await runTask({ ...task, request: { ...task.request, guidanceTogether } }, copies(known), {
    open: openOn(card),
    stopIfCancelled: () => {},
    events: {
      progress: () => {},
      preview: () => {},
      isWatched: () => false,
      image: (image) => void images.push(image),
      evaluated: (_jobId, _index, evaluation) => void answers.push(...copies([evaluation])),
      warning: ({ code }) => void told.push(code),
    },
  })
  const [{ pixels, guidanceTogether: recorded }] = images
  return { pixels, recorded, answers, runs: tallies.unet.runs - before, told }
}

/** Samplers go on with what they are given. */
const copies = (evaluations: readonly Evaluation[]): Evaluation[] =>
  evaluations.map(({ answer, ...how }) => ({ answer: answer.slice(), ...how }))

describe('guidance on a graphics card', () => {
  it('is as the card is faster, which the picture keeps', async () => {
    expect(await made({ together: faster })).toMatchObject({ recorded: true, runs: 4, told: [] })
    expect(await made({ together: slower })).toMatchObject({ recorded: false, runs: 8, told: [] })
  })

  it('is for a picture that is run again as it was, whatever the card has become', async () => {
    const [both, inTurn] = [await made({ together: faster }), await made({ together: slower })]
    expect(await made({ together: slower }, true)).toEqual(both)
    expect(await made({ together: faster }, false)).toEqual(inTurn)
  })

  it('goes on after a pause as it began', async () => {
    const [both, inTurn] = [await made({ together: faster }), await made({ together: slower })]
    const rest = await made({ together: slower }, null, both.answers.slice(0, 4))
    expect(rest).toEqual({ ...both, runs: 2 })
    expect(await made({ together: faster }, null, inTurn.answers.slice(0, 4))).toEqual({ ...inTurn, runs: 4 })
  })

  it('says where it cannot be as it was', async () => {
    const otherwise = { recorded: false, told: ['otherGuidance'] }
    expect(await made({ together: faster, isShort: true }, true)).toMatchObject(otherwise)
    const { answers } = await made({ together: faster })
    const rest = await made({ together: faster, isShort: true }, null, answers.slice(0, 4))
    expect(rest).toMatchObject({ ...otherwise, runs: 4 })
    // Nobody asked for one run.
    expect(await made({ together: faster, isShort: true })).toMatchObject({ recorded: false, told: [] })
  })
})
