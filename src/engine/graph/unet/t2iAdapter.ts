import type { T2iAdapterConfig } from './controlConfigs.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { conv2d } from '../layers/layers.ts'

/**
 * A T2I-Adapter (Mou et al. 2023, section 3.2; diffusers FullAdapter, FullAdapterXL and LightAdapter). Input: `hint`
 * [1, config.inChannels, height, width], the control picture with its pixels packed into channels, height and width
 * in packed pixels. Outputs: `feature.0`…, one for every level.
 */
export function t2iAdapter(g: Graph, config: T2iAdapterConfig, height: number, width: number): void {
  const { levels, kind, inChannels } = config
  const picture = g.input('hint', [1, inChannels, height, width])
  let x = kind === 'full' ? conv2d(g.scope('conv_in'), picture, levels[0].channels) : picture
  for (const [index, level] of levels.entries()) {
    const body = g.scope('body').scope(index)
    if (level.halves) x = g.averagePool(x, 2)
    x = kind === 'full' ? fullBlock(body, x, level) : lightBlock(body, x, level)
    g.output(`feature.${index}`, x)
  }
}

type Level = T2iAdapterConfig['levels'][number]

function fullBlock(g: Graph, x: Value, { channels, layers }: Level): Value {
  const entered = x.shape[1] === channels ? x : conv2d(g.scope('in_conv'), x, channels, { kernel: 1 })
  return residualLayers(g, entered, layers, 1)
}

/** A quarter of the channels inside. */
function lightBlock(g: Graph, x: Value, { channels, layers }: Level): Value {
  const inside = conv2d(g.scope('in_conv'), x, channels / 4, { kernel: 1 })
  return conv2d(g.scope('out_conv'), residualLayers(g, inside, layers, 3), channels, { kernel: 1 })
}

/** Every layer adds convolution, ReLU, convolution (the second of size `kernel`) to what comes in. */
function residualLayers(g: Graph, x: Value, layers: number, kernel: number): Value {
  for (let layer = 0; layer < layers; layer++) {
    const scope = g.scope('resnets').scope(layer)
    const first = g.relu(conv2d(scope.scope('block1'), x, x.shape[1]))
    x = g.add(conv2d(scope.scope('block2'), first, x.shape[1], { kernel }), x)
  }
  return x
}
