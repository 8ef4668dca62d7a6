import { interpolateSigmas } from './spacings.ts'

/**
 * The noise levels that Sabour et al. 2024, "Align Your Steps", optimised for two model families: ten steps, eleven
 * numbers. AUTOMATIC1111 carries them with three decimals, ComfyUI with ten.
 */
const tables = {
  rounded: {
    sd: [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029],
    sdxl: [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.38, 0.234, 0.113, 0.029],
  },
  exact: {
    sd: [
      14.6146412293, 6.4745760956, 3.8636745985, 2.694615152, 1.8841921177, 1.3943805092, 0.9642583904,
      0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582,
    ],
    sdxl: [
      14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289,
      0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582,
    ],
  },
}

export type AysFamily = 'sd' | 'sdxl'

/** AUTOMATIC1111's: the table at `steps` numbers, then 0. */
export const alignYourStepsA1111 = (steps: number, family: AysFamily): Float64Array =>
  Float64Array.from([...interpolateSigmas(tables.rounded[family], steps), 0])

/** ComfyUI's: the table at `steps` + 1 numbers, the last of which becomes 0. */
export const alignYourStepsComfy = (steps: number, family: AysFamily): Float64Array =>
  Float64Array.from(interpolateSigmas(tables.exact[family], steps + 1)).with(steps, 0)
