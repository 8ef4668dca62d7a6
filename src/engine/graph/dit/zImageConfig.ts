import { count, counts, real, requireValues, unsupported, type ConfigFile } from '../config/configFile.ts'

export interface ZImageConfig {
  channels: number
  width: number
  layers: number
  refinerLayers: number
  heads: number
  epsilon: number
  textWidth: number
  ropeTheta: number
  /** The part of a head that turns with each axis: text and time, rows, columns. */
  axes: readonly number[]
  timeScale: number
}

/** ZImageTransformer2DModel. Throws `unsupported-model` naming the option that is not known here. */
export function zImageConfig(file: ConfigFile): ZImageConfig {
  requireValues(file, { qk_norm: true })
  for (const [key, only] of [
    ['all_patch_size', 2],
    ['all_f_patch_size', 1],
  ] as const)
    if (counts(file, key, [only]).some((value) => value !== only)) throw unsupported(key, file[key])
  const heads = count(file, 'n_heads', 30)
  if (count(file, 'n_kv_heads', heads) !== heads) throw unsupported('n_kv_heads', file['n_kv_heads'])
  const width = count(file, 'dim', 3840)
  const axes = counts(file, 'axes_dims', [32, 48, 48])
  if (axes.length !== 3 || axes.reduce((sum, axis) => sum + axis, 0) !== width / heads)
    throw unsupported('axes_dims', axes)
  return {
    channels: count(file, 'in_channels', 16),
    width,
    layers: count(file, 'n_layers', 30),
    refinerLayers: count(file, 'n_refiner_layers', 2),
    heads,
    epsilon: real(file, 'norm_eps', 1e-5),
    textWidth: count(file, 'cap_feat_dim', 2560),
    ropeTheta: real(file, 'rope_theta', 256),
    axes,
    timeScale: real(file, 't_scale', 1000),
  }
}
