import { unet, type UnetSize } from '../../graph/unet/unet.ts'
import { graphOver, strengthsOf } from './graphOver.ts'
import type { LookedNetwork } from './networks.ts'
import { roundOnThreads } from '../runtime/roundOnThreads.ts'
import { openSession, type Input, type RealDevice } from '../runtime/session.ts'
import type { Dials, Tally } from '../model.ts'
import { controlInputs, noControl, unetInputs } from './unetInputs.ts'
import { controlShapes, isHeavy, type UnetForm } from './unetNetworks.ts'

/** Opens a U-Net whose inside is seen, as one graph: on the CPU a large one stays in its file. */
export async function openLookedUnet(
  { part, dialect, adapters }: UnetForm,
  size: UnetSize,
  { device, tally, profile }: { device: RealDevice; tally: Tally; profile: string | undefined },
): Promise<LookedNetwork> {
  const { config, tensors } = part
  const staysInFile = isHeavy(part, device) && !dialect.turbo
  const form = staysInFile ? ({ ...dialect, widening: 'in the run' } as const) : dialect
  const graph = graphOver(tensors, form, adapters)
  unet(graph, config, size)
  const shapes = controlShapes(graph)
  await roundOnThreads(graph)
  const session = await openSession(graph.encode(), {
    ...{ device, folder: graph.folder, frugal: false, tally },
    ...(profile !== undefined && { profile }),
  })
  return {
    run: (input, timestep, context, added, { strengths, control = noControl, dials }) =>
      session.run({
        ...strengthsOf(strengths),
        ...unetInputs(config, size, input, timestep, context, added),
        ...controlInputs(control, shapes),
        ...(dials && dialInputs(dials)),
      }),
    endProfile: () => session.endProfile(),
    release: () => session.release(),
  }
}

const dialInputs = ({ skips, freeU }: Dials): Record<string, Input> => ({
  skips: { data: skips, shape: [skips.length] },
  freeU: { data: freeU, shape: [freeU.length] },
})
