import type { UnetConfig } from './unetConfig.ts'
import type { ControlNetConfig } from './controlConfigs.ts'
import type { Graph } from '../writing/graph.ts'
import type { Value } from '../writing/value.ts'
import { conv2d, silu } from '../layers/layers.ts'
import { conditions, down, type UnetSize } from './unet.ts'

/**
 * A ControlNet (Zhang et al. 2023; diffusers ControlNetModel): a copy of a U-Net's way down that also sees a control
 * picture. Inputs as the U-Net's, and `hint` [1, 3, s·height, s·width], RGB in 0..1, where s is `hintScale`. Outputs:
 * `residual.0`…, one for every skip connection of the U-Net, the middle's last.
 */
export function controlNet(g: Graph, config: ControlNetConfig, size: UnetSize): void {
  const scale = hintScale(config)
  const picture = g.input('hint', [1, config.hintPictureChannels, size.height * scale, size.width * scale])
  const hint = hintEmbedding(g.scope('controlnet_cond_embedding'), picture, config)
  const state = down(g, conditions(g, config.unet, size), size, { hint })
  for (const [index, value] of state.entries()) {
    const isMiddle = index === state.length - 1
    const scope = g.scope(isMiddle ? 'controlnet_mid_block' : `controlnet_down_blocks.${index}`)
    const residual = conv2d(scope, value, value.shape[1], { kernel: 1 })
    const [, , height, width] = value.shape
    const shown = config.pooled ? g.resize(g.globalAveragePool(residual), height, width) : residual
    g.output(`residual.${index}`, shown)
  }
}

/** Pixels of the control picture a latent stands for along one side. */
export const hintScale = ({ hintChannels }: Pick<ControlNetConfig, 'hintChannels'>): number =>
  2 ** (hintChannels.length - 1)

/** Convolutions with a SiLU after each but the last; every second one halves the picture. */
function hintEmbedding(g: Graph, picture: Value, { hintChannels, unet }: ControlNetConfig): Value {
  let x = silu(g, conv2d(g.scope('conv_in'), picture, hintChannels[0]))
  for (const [level, channels] of hintChannels.slice(0, -1).entries()) {
    x = silu(g, conv2d(g.scope('blocks').scope(2 * level), x, channels))
    const halving = { stride: 2, pads: [1, 1, 1, 1] }
    x = silu(g, conv2d(g.scope('blocks').scope(2 * level + 1), x, hintChannels[level + 1], halving))
  }
  return conv2d(g.scope('conv_out'), x, firstChannels(unet))
}

const firstChannels = ({ levels }: UnetConfig): number => levels[0].channels
