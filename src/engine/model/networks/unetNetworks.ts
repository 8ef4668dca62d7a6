import { StudioError } from '../../../shared/errors.ts'
import type { NetworkAdapter } from '../../graph/adapters/adaptation.ts'
import type { UnetConfig } from '../../graph/unet/unetConfig.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import { unet, unetHalves, type UnetSize } from '../../graph/unet/unet.ts'
import type { Dialect } from '../../graph/writing/value.ts'
import type { Part } from './builtNetworks.ts'
import { graphOver, strengthsOf } from './graphOver.ts'
import type { Tally, UnetQuestion } from '../model.ts'
import type { UnetNetwork, Widening } from './networks.ts'
import { roundOnThreads } from '../runtime/roundOnThreads.ts'
import { openSession, type Input, type RealDevice, type Session } from '../runtime/session.ts'
import { timesOf } from '../runtime/tallies.ts'
import { openSessionOnThread } from '../runtime/threadedSession.ts'
import { batchInputs } from './unetInputs.ts'
import { widenedLater } from './widenedLater.ts'

/** A U-Net as a function of plain arrays: one session, or two halves one after the other. */

/** Weights, in bytes of float32, from which on a U-Net is opened on the CPU in two halves. */
const heavyUnet = 2 ** 30

export const isHeavy = ({ tensors }: Part<UnetConfig>, device: RealDevice): boolean =>
  device === 'cpu' && 4 * tensors.elements > heavyUnet

/** What of a U-Net decides how its graph is written. */
export interface UnetForm {
  part: Part<UnetConfig>
  dialect: Dialect
  adapters: readonly NetworkAdapter[] | undefined
}

interface Counted {
  device: RealDevice
  tally: Tally
}

/** Opens a U-Net of a size; see `Widening`. */
export async function openUnet(
  form: UnetForm,
  size: UnetSize,
  { device, tally }: Counted,
  widening: Widening = 'at opening',
): Promise<UnetNetwork> {
  const options = (graph: Graph, counts: Tally) => ({
    ...{ device, folder: graph.folder, frugal: false },
    tally: counts,
  })
  const open: OpenGraph = async (graph, counts = tally) => {
    await roundOnThreads(graph)
    return openSession(graph.encode(), options(graph, counts))
  }
  if (widening === 'at opening')
    return isHeavy(form.part, device) ? openHalves(form, size, open, tally) : openWhole(form, size, open)
  const fromFile = { ...form, dialect: { ...form.dialect, widening: 'in the run' } as const }
  const openQuick = () => openWhole(fromFile, size, open)
  if (widening === 'in the run') return { ...(await openQuick()), widen: () => Promise.resolve(false) }
  return widenedLater(await openQuick(), openQuick, (isWanted) => {
    const openBeside: OpenGraph = async (graph, counts = tally) => {
      if (isWanted()) return openSessionOnThread(graph.encode(), options(graph, counts))
      throw new StudioError('cancelled', 'Nobody waits for this network any more.')
    }
    return openHalves(form, size, openBeside, tally)
  })
}

type OpenGraph = (graph: Graph, tally?: Tally) => Promise<Session>

async function openWhole(form: UnetForm, size: UnetSize, open: OpenGraph): Promise<UnetNetwork> {
  const { config } = form.part
  const graph = graphOver(form.part.tensors, form.dialect, form.adapters)
  unet(graph, config, size)
  return unetNetwork(await open(graph), config, size, controlShapes(graph))
}

/** In two halves, opened one after the other. */
export async function openHalves(
  { part: { config, tensors }, dialect, adapters }: UnetForm,
  size: UnetSize,
  open: OpenGraph,
  tally: Tally,
): Promise<UnetNetwork> {
  const [lower, upper] = [graphOver(tensors, dialect, adapters), graphOver(tensors, dialect, adapters)]
  const state = unetHalves(lower, upper, config, size)
  // The way up has more weights than the way down: it goes first, while there is more room.
  const second = await open(upper)
  try {
    const first = await open(lower, timesOf(tally))
    return unetNetwork(oneAfterTheOther(first, second, state), config, size, controlShapes(lower))
  } catch (error) {
    await second.release()
    throw error
  }
}

/** Two sessions as one: the second reads the first's outputs, in the shapes given, beside the same inputs. */
function oneAfterTheOther(
  first: Session,
  second: Session,
  shapes: Readonly<Record<string, readonly number[]>>,
): Pick<Session, 'run' | 'release'> {
  return {
    async run(inputs) {
      const outputs = Object.entries(await first.run(inputs))
      const handed = outputs.map(([name, data]): [string, Input] => [name, { data, shape: shapes[name] }])
      return second.run({ ...inputs, ...Object.fromEntries(handed) })
    },
    async release() {
      await first.release()
      await second.release()
    },
  }
}

function unetNetwork(
  session: Pick<Session, 'run' | 'release'>,
  config: UnetConfig,
  size: UnetSize,
  controlShapes: Readonly<Record<string, readonly number[]>>,
): UnetNetwork {
  const { batch = 1 } = size
  /** Answers `batch` questions. */
  async function answer(
    questions: readonly UnetQuestion[],
    strengths: Float32Array | undefined,
  ): Promise<Float32Array[]> {
    const inputs = { ...strengthsOf(strengths), ...batchInputs(config, size, questions, controlShapes) }
    const { prediction } = await session.run(inputs)
    const length = prediction.length / batch
    return questions.map((_, index) => prediction.slice(index * length, (index + 1) * length))
  }
  return {
    async run(input, timestep, context, added, strengths, control) {
      const question: UnetQuestion = [input, timestep, context, added, control]
      return (await answer(Array<UnetQuestion>(batch).fill(question), strengths))[0]
    },
    ...(batch === 2 && {
      runBoth: async (first, second, strengths) => {
        const [one, other] = await answer([first, second], strengths)
        return [one, other]
      },
    }),
    release: () => session.release(),
  }
}

/** The inputs of a graph through which other networks steer it, of one evaluation. */
export const controlShapes = ({ inputs }: Graph): Record<string, readonly number[]> =>
  Object.fromEntries(
    inputs
      .filter(({ name }) => /^(residual|feature)\./.test(name))
      .map(({ name, shape }) => [name, shape.map(Number).with(0, 1)]),
  )
