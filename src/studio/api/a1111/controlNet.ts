import { z } from 'zod'
import { preprocessors } from '../../../shared/request/controls.ts'
import type { GenerationRequestInput, ResizeMode } from '../../../shared/request/request.ts'
import { controlMode, findPreprocessor } from '../../metadata/programs/controlUnits.ts'
import type { Studio } from '../../studio.ts'
import { badField } from './answers.ts'
import { bool, idle, lacking, number, text } from './fields.ts'
import { check } from './readCall.ts'
import type { CommonCall } from './schemas.ts'
import { takePicture } from './startPicture.ts'

/** Units of the extension sd-webui-controlnet (scripts/api.py, internal_controlnet/args.py), of its first versions too. */

const noMask = 'a part of a control picture cannot be chosen here'
const unitSchema = z.strictObject({
  enabled: bool,
  module: text,
  model: text,
  weight: number(0, 2),
  image: z.union([z.string(), z.strictObject({ image: z.string(), mask: lacking(noMask) })]).nullish(),
  input_image: text,
  mask: lacking(noMask),
  mask_image: lacking(noMask),
  effective_region_mask: lacking(noMask),
  resize_mode: z.union([z.number(), z.string()]).nullish(),
  processor_res: number(),
  threshold_a: number(),
  threshold_b: number(),
  guidance: number(0, 1),
  guidance_start: number(0, 1),
  guidance_end: number(0, 1),
  control_mode: z.union([z.number(), z.string()]).nullish(),
  pixel_perfect: bool,
  guess_mode: bool,
  guessmode: bool,
  advanced_weighting: lacking('blocks have one weight here'),
  ipadapter_input: lacking('there is no IP-Adapter here'),
  hr_option: idle,
  union_control_type: idle,
  // How it is computed and shown there.
  ...{
    low_vram: idle,
    lowvram: idle,
    save_detected_map: idle,
    use_preview_as_input: idle,
    generated_image: idle,
  },
  ...{
    is_ui: idle,
    input_mode: idle,
    loopback: idle,
    output_dir: idle,
    batch_images: idle,
    pulid_mode: idle,
  },
  ...{
    inpaint_crop_input_image: idle,
    animatediff_batch: idle,
    batch_modifiers: idle,
    batch_image_dir: idle,
  },
})
type Unit = z.output<typeof unitSchema>
type Controls = NonNullable<GenerationRequestInput['controls']>

/** The units of a call; without a picture of its own a unit is shown the one that the call starts from. */
export async function controlsOf(
  studio: Studio,
  said: CommonCall & { init_images?: string[] | undefined },
  say: (warning: string) => void,
): Promise<Controls> {
  const controls: Controls = []
  for (const { unit, path } of unitsOf(said)) {
    if (unit.enabled === false) continue
    const own = typeof unit.image === 'string' ? unit.image : unit.image?.image
    const picture = own ?? unit.input_image ?? said.init_images?.[0]
    if (picture === undefined) throw badField(`${path}.image`, 'must hold the control picture')
    const { id } = await takePicture(studio, `${path}.image`, picture)
    controls.push({ ...controlOf(unit, path, say), image: { id, resizeMode: resizeModeOf(unit, path) } })
  }
  return controls
}

function unitsOf({ alwayson_scripts: scripts = {}, controlnet_units: early = [] }: CommonCall) {
  const units: { unit: Unit; path: string }[] = []
  const add = (args: readonly unknown[], path: readonly string[]): void =>
    args.forEach((arg, index) => {
      const place = [...path, String(index)]
      units.push({ unit: check(unitSchema, arg, place), path: place.join('.') })
    })
  for (const [name, said] of Object.entries(scripts)) {
    if (name.toLowerCase() !== 'controlnet')
      throw badField(`alwayson_scripts.${name}`, 'this script is not here')
    const { args = [] } = check(z.object({ args: z.array(z.unknown()).optional() }), said, [
      'alwayson_scripts',
      name,
    ])
    add(args, ['alwayson_scripts', name, 'args'])
  }
  add(early, ['controlnet_units'])
  return units
}

const modes = ['balanced', 'prompt', 'control'] as const

function controlOf(unit: Unit, path: string, say: (warning: string) => void) {
  const model = (unit.model ?? 'None').replace(/ \[[0-9a-f]+\]$/i, '')
  if (model === 'None' || model === '') throw badField(`${path}.model`, 'must name a ControlNet')
  const preprocessor = findPreprocessor(unit.module ?? 'none')
  if (!preprocessor)
    throw badField(
      `${path}.module`,
      `there is no preprocessor "${unit.module}"; /controlnet/module_list has those there are`,
    )
  if (preprocessor !== 'none' && (unit.processor_res ?? -1) > 0 && unit.pixel_perfect !== true)
    say(`${path}.processor_res: has no effect; control pictures are made ready at the size that is drawn.`)
  const numbers = [unit.threshold_a, unit.threshold_b]
  const settings = Object.entries<{ min: number; max: number }>(preprocessors[preprocessor]).flatMap(
    ([name, { min, max }], index) => {
      const value = numbers[index]
      // Clients send what other preprocessors take, and -1 for what is not set.
      return value !== undefined && value >= min && value <= max ? [[name, value] as const] : []
    },
  )
  const written = unit.control_mode
  const mode = typeof written === 'number' ? modes[written] : controlMode(written ?? 'balanced')
  if (!mode)
    throw badField(`${path}.control_mode`, `must be 0, 1 or 2, or one of their names; found ${written}`)
  return {
    model,
    preprocessor,
    settings: Object.fromEntries(settings),
    weight: unit.weight ?? 1,
    start: unit.guidance_start ?? 0,
    end: unit.guidance_end ?? unit.guidance ?? 1,
    mode: (unit.guess_mode ?? unit.guessmode) ? ('control' as const) : mode,
  }
}

const resizeNames: readonly (readonly [RegExp, ResizeMode])[] = [
  [/^just resize/i, 'stretch'],
  [/^(?:crop and resize|scale to fit)/i, 'crop'],
  [/^(?:resize and fill|envelope)/i, 'fit'],
]

function resizeModeOf({ resize_mode: written = 1 }: Unit, path: string): ResizeMode {
  const found =
    typeof written === 'number'
      ? resizeNames[written]?.[1]
      : resizeNames.find(([name]) => name.test(written ?? 'Crop and Resize'))?.[1]
  if (found) return found
  throw badField(`${path}.resize_mode`, `must be 0, 1 or 2, or one of their names; found ${written}`)
}
