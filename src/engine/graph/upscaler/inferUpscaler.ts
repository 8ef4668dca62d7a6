import { StudioError } from '../../../shared/errors.ts'
import type { CompactConfig, RdnConfig, RrdbConfig, UpscalerConfig } from './upscalers.ts'

/** Networks that enlarge pictures, read off the names and shapes of their tensors. */

interface Header {
  /** How the file is spoken of. */
  readonly path: string
  readonly keys: readonly string[]
  readonly source: (key: string) => { readonly shape: readonly number[] } | undefined
}

/** Wrappers of training programs around all names of an upscaler; averaged weights (EMA) come first. */
const wrappers = [
  'params_ema.',
  'params.',
  'state_dict.',
  'model_state_dict.',
  'netG.',
  'module.',
  'generator.',
]

/**
 * What the tensors of an upscaler are called in BasicSR's spelling, by the names in its file: ESRGAN's first releases count
 * the layers of a Sequential (`model.1.sub.0.RDB1.conv1.0`), its second spells them otherwise (`RRDB_trunk.0.RDB1.conv1`).
 */
export function upscalerNaming(names: readonly string[]): (name: string) => string {
  const wrapper = wrappers.find((start) => names.some((name) => name.startsWith(start))) ?? ''
  const bare = names.flatMap((name) => (name.startsWith(wrapper) ? [name.slice(wrapper.length)] : []))
  const counted = topLayers(bare)
  return (name) => (name.startsWith(wrapper) ? basicSrKey(name.slice(wrapper.length), counted) : name)
}

/** Numbers of the convolutions beside the trunk in ESRGAN's first naming, in order: first, doublings, HR, last. */
const topLayers = (keys: readonly string[]): number[] =>
  keys
    .flatMap((key) => /^model\.(\d+)\.weight$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)

function basicSrKey(key: string, counted: readonly number[]): string {
  const block = /^(?:model\.1\.sub|RRDB_trunk)\.(\d+)\.RDB(\d)\.conv(\d)(?:\.0)?\.(weight|bias)$/.exec(key)
  if (block) return `body.${block[1]}.rdb${block[2]}.conv${block[3]}.${block[4]}`
  const trunk = /^(?:model\.1\.sub\.\d+|trunk_conv)\.(weight|bias)$/.exec(key)
  if (trunk) return `conv_body.${trunk[1]}`
  const top = /^model\.(\d+)\.(weight|bias)$/.exec(key)
  if (top) {
    const place = counted.indexOf(Number(top[1]))
    const names = ['conv_last', 'conv_hr']
    const name = place === 0 ? 'conv_first' : (names[counted.length - 1 - place] ?? `conv_up${place}`)
    return `${name}.${top[2]}`
  }
  return key.replace(/^upconv(\d)\./, 'conv_up$1.').replace(/^HRconv\./, 'conv_hr.')
}

/** Architectures that are not built here, by names that only they have. */
const others: readonly [RegExp, string][] = [
  [/^layers\.\d+\.residual_group\.blocks\.\d+\.conv_block\./, 'HAT'],
  [/^layers\.\d+\.residual_group\.blocks\.\d+\.attn\./, 'SwinIR'],
  [/^layers\.\d+\.blocks\.\d+\.attn\.attns\./, 'DAT'],
  [/^layers\.\d+\.swin\d\./, 'DRCT'],
  [/^block_1\.c1_r\./, 'SPAN'],
  [/^feats\.\d+\.(channe_mixer|lk)\./, 'PLKSR'],
  [/^residual_layer\.\d+\.residual_layer\.\d+\.layer\./, 'OmniSR'],
  [/^(to_feat|blocks\.\d+\.conv_blocks)/, 'MoSR or DITN'],
  [/^model\.1\.sub\.\d+\.RDB\d\.conv1x1\./, 'ESRGAN+'],
  [/^head\.\d+\.|^body\.\d+\.body\.0\.weight/, 'EDSR'],
]

/** Throws `not-a-checkpoint` for what is no upscaler, `unsupported-model` for one that is not built here, naming it. */
export function inferUpscalerConfig(header: Header): UpscalerConfig {
  const { keys, path } = header
  const other = others.find(([sign]) => keys.some((key) => sign.test(key)))?.[1]
  if (other)
    throw new StudioError(
      'unsupported-model',
      `${path} is an upscaler of the architecture ${other}, which this version does not know: ESRGAN (RRDB), Real-ESRGAN's compact networks and RDN run, and any that is saved as ONNX. Take one of these.`,
    )
  const has = (start: string): boolean => keys.some((key) => key.startsWith(start))
  if (has('conv_first.') && has('body.0.rdb1.')) return inferRrdb(header)
  if (has('sfe1.') && has('rdbs.0.')) return inferRdn(header)
  if (header.source('body.0.weight')?.shape.length === 4) return inferCompact(header)
  throw new StudioError(
    'not-a-checkpoint',
    `${path} is no upscaler that is known here: it should hold ESRGAN (RRDB), a compact network of Real-ESRGAN or RDN. Choose another file.`,
  )
}

function inferRrdb({ keys, source }: Header): RrdbConfig {
  const shape = (key: string): readonly number[] => source(key)?.shape ?? []
  const pictureChannels = shape('conv_last.weight')[0] ?? 3
  const [channels = 64, read = 3] = shape('conv_first.weight')
  return {
    kind: 'rrdb',
    pictureChannels,
    channels,
    growth: shape('body.0.rdb1.conv1.weight')[0] ?? 32,
    blocks: 1 + highest(keys, /^body\.(\d+)\./),
    unshuffle: Math.sqrt(read / pictureChannels),
    doublings: keys.filter((key) => /^conv_up\d\.weight$/.test(key)).length,
  }
}

function inferCompact({ keys, source, path }: Header): CompactConfig {
  const last = highest(keys, /^body\.(\d+)\.weight$/)
  const [channels, pictureChannels] = source('body.0.weight')!.shape as [number, number]
  const outputs = source(`body.${last}.weight`)?.shape[0] ?? 0
  const scale = Math.sqrt(outputs / pictureChannels)
  if (last < 2 || last % 2 !== 0 || !Number.isInteger(scale) || source('body.1.weight')?.shape.length !== 1)
    throw new StudioError(
      'unsupported-model',
      `${path} looks like a compact network of Real-ESRGAN but is built in another way: convolutions should take turns with PReLU, and the last one give 3 · scale² channels (found ${outputs}). Take another upscaler.`,
    )
  return { kind: 'compact', pictureChannels, channels, convolutions: last / 2 - 1, scale }
}

function inferRdn({ keys, source }: Header): RdnConfig {
  const shape = (key: string): readonly number[] => source(key)?.shape ?? []
  const pictureChannels = shape('output.weight')[0] ?? 3
  return {
    kind: 'rdn',
    pictureChannels,
    channels: shape('sfe1.weight')[0] ?? 64,
    growth: shape('rdbs.0.layers.0.weight')[0] ?? 64,
    blocks: 1 + highest(keys, /^rdbs\.(\d+)\./),
    convolutions: 1 + highest(keys, /^rdbs\.0\.layers\.(\d+)\./),
    scale: Math.sqrt((shape('upn.2.weight')[0] ?? pictureChannels * 4) / pictureChannels),
  }
}

/** The largest number in the names of a pattern; -1 where there is none. */
const highest = (keys: readonly string[], pattern: RegExp): number =>
  Math.max(-1, ...keys.map((key) => Number(pattern.exec(key)?.[1] ?? -1)))
