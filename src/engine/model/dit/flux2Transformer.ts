import { flux2, type TokenGrid } from '../../graph/dit/flux2.ts'
import type { Flux2Config } from '../../graph/dit/flux2Config.ts'
import type { Part } from '../networks/builtNetworks.ts'
import { strengthsOf } from '../networks/graphOver.ts'
import type { UnetNetwork } from '../networks/networks.ts'
import { keptSessions, timeSinusoids, dialectFor, type Sessions, type Transformer } from './transformer.ts'

/** FLUX.2's, which reads one latent a token. */
export const flux2Transformer = ({ config, tensors }: Part<Flux2Config>): Transformer => ({
  tensors,
  textWidth: config.textWidth,
  channels: config.channels,
  patch: 1,
  open({ height, width }, target, adapters) {
    const dialect = dialectFor(tensors, target)
    const sessions = keptSessions(
      { tensors, dialect, adapters },
      { device: target.device, tally: target.tallies.unet },
    )
    return flux2Network(config, sessions, gridOf({ height, width }))
  },
  write: (graph, { text, references, ...picture }) =>
    flux2(graph, config, { ...gridOf(picture), text, references: references.map(gridOf) }),
})

const gridOf = ({ height, width }: { height: number; width: number }): TokenGrid => ({
  rows: height,
  columns: width,
})

function flux2Network(config: Flux2Config, { of, release }: Sessions, picture: TokenGrid): UnetNetwork {
  const { channels, textWidth, timeWidth } = config
  return {
    async run(input, timestep, context, { references = [] }, strengths) {
      const text = context!.length / textWidth
      const seen = [
        { data: input, ...picture },
        ...references.map(({ data, ...size }) => ({ data, ...gridOf(size) })),
      ]
      const size = {
        ...picture,
        text,
        references: seen.slice(1).map(({ rows, columns }) => ({ rows, columns })),
      }
      const session = await of(JSON.stringify(size), (graph) => flux2(graph, config, size))
      const tokens = seen.map(({ data }) => transposed(data, channels))
      const sample = new Float32Array(tokens.reduce((sum, { length }) => sum + length, 0))
      let at = 0
      for (const one of tokens) {
        sample.set(one, at)
        at += one.length
      }
      const time = Math.fround(timestep / 1000) * 1000
      const { prediction } = await session.run({
        ...strengthsOf(strengths),
        sample: { data: sample, shape: [sample.length / channels, channels] },
        time: { data: timeSinusoids(time, timeWidth), shape: [1, timeWidth] },
        context: { data: context!, shape: [text, textWidth] },
      })
      return transposed(prediction, prediction.length / channels)
    },
    release,
  }
}

/** [rows, columns] as [columns, rows]. */
function transposed(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)])
}
