import { z } from 'zod'
import { fraction } from './fields.ts'

/** What a person puts in front: both alike, the prompt, or the control picture. */
export const controlModes = ['balanced', 'prompt', 'control'] as const

/**
 * How a picture becomes a control picture, without a further model; numbers and names as in sd-webui-controlnet. Each
 * has at most two numbers, with their range and default.
 */
export const preprocessors = {
  /** The picture is one already: depth, a pose, a drawing. */
  none: {},
  /** Edges; gradients above the higher number begin one, above the lower go on with it. */
  canny: {
    low: { min: 1, max: 255, default: 100 },
    high: { min: 1, max: 255, default: 200 },
  },
  /** Light lines on black where the picture is darker than its surroundings. */
  lineart: { sigma: { min: 0.5, max: 20, default: 6 } },
  /** Rough white strokes on black. */
  scribble: { threshold: { min: 1, max: 64, default: 32 } },
  /** White where the picture is lighter than this. */
  threshold: { threshold: { min: 0, max: 255, default: 127 } },
  /** For dark lines on white. */
  invert: {},
  blur: { sigma: { min: 0.5, max: 64, default: 9 } },
  /** The picture with as much less detail, for tile networks. */
  tile: { rate: { min: 1, max: 8, default: 1 } },
  /** Squares of one colour each. */
  colour: { square: { min: 8, max: 128, default: 64 } },
} as const satisfies Record<string, Record<string, { min: number; max: number; default: number }>>

export type Preprocessor = keyof typeof preprocessors
export const preprocessorNames = Object.keys(preprocessors) as Preprocessor[]

/** What a preprocessor is told: a number under each of its names; others are refused. */
const settingsSchema = z.record(z.string(), z.number())

const imageSchema = z.object({
  /** Its content hash among the studio's inputs. */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  resizeMode: z.enum(['crop', 'fit', 'stretch']).default('crop'),
})

/** What is made of which picture, at which size. */
export const controlPreviewSchema = z.object({
  image: imageSchema,
  preprocessor: z.enum(preprocessorNames),
  settings: settingsSchema,
  width: z.number().int().min(8).max(2048),
  height: z.number().int().min(8).max(2048),
})
export type ControlPreviewRequest = z.input<typeof controlPreviewSchema>

/** A picture that steers the drawing through a ControlNet or a T2I-Adapter. */
export const controlSchema = z
  .object({
    /** The name of the network's file. */
    model: z.string().min(1).max(300),
    /** null: it has to be chosen first, as what another program says of its own does not hold it. */
    image: imageSchema.nullable(),
    preprocessor: z.enum(preprocessorNames).default('none'),
    settings: settingsSchema.default({}),
    /** 0 is off, 1 as trained. */
    weight: z.number().min(0).max(2).default(1),
    /** The share of the run in which it counts. */
    start: fraction.default(0),
    end: fraction.default(1),
    mode: z.enum(controlModes).default('balanced'),
  })
  .transform(({ settings, ...control }, context) => {
    const known: Record<string, { min: number; max: number; default: number }> =
      preprocessors[control.preprocessor]
    for (const [name, value] of Object.entries(settings)) {
      const range = known[name]
      if (!range) {
        const names = Object.keys(known).join(', ') || 'none'
        context.addIssue(`${control.preprocessor} has no setting "${name}"; it has ${names}`)
      } else if (!(value >= range.min && value <= range.max)) {
        context.addIssue(`${name} must be from ${range.min} to ${range.max}, found ${value}`)
      }
    }
    if (control.end < control.start)
      context.addIssue(`end must not be before start (${control.start}), found ${control.end}`)
    const filled = Object.entries(known).map(([name, range]) => [name, settings[name] ?? range.default])
    return { ...control, settings: Object.fromEntries(filled) as Record<string, number> }
  })
export type ControlRequest = z.output<typeof controlSchema>

/** What is said of a control whose picture was not chosen. */
export const missingPicture = (index: number): string =>
  `controls.${index}.image: control picture ${index + 1} is missing. Choose it, or take this control away.`
