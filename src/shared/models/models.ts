import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'
import type { Generation } from '../library/generation.ts'
import { usedFileKinds, type UsedFile } from '../request/adapters.ts'
import type { Device } from '../request/request.ts'
import type { TurboFinding, TurboTest } from '../request/automaticTurbo.ts'
import type { ModelDefaults } from '../request/modelDefaults.ts'

/** Models, the files beside them and the devices they run on, and the part of the contract that is about them. */

export interface ModelRecord {
  /** Follows its name and its place below the model folder. */
  id: string
  /** The id it had in versions whose ids followed the absolute path: kept images and forms still name it. */
  formerId: string | null
  name: string
  path: string
  builtIn: boolean
  /** null: it cannot be opened, and `problem` says why. */
  info: ModelInfo | null
  problem: ErrorRecord | null
}

/** What the studio and the screen need to know of a model without running it. */
export interface ModelInfo {
  /** What it is called on the screen, where its makers say; its name is that of its file or folder. */
  title: string | null
  family: string
  layout: string
  /** What draws: weights of a U-Net, which can be looked into, those of a transformer, or graphs that others exported. */
  network: 'unet' | 'transformer' | 'exported'
  predictionType: 'epsilon' | 'v_prediction' | 'sample' | 'flow'
  defaultWidth: number
  defaultHeight: number
  /** Smallest and largest side, in pixels. */
  minSize: number
  maxSize: number
  /** Width and height must be multiples of this. */
  sizeMultiple: number
  hasTextEncoder: boolean
  canEncodeImages: boolean
  /** Looks at pictures beside the one it draws, and changes them as the prompt says. */
  readsReferences: boolean
  /** Models of the same one can go on with each other's latents. */
  latentSpace: string
  dtype: string
  /** Prompts that show what the model does well, from its model card; may be empty. */
  examplePrompts: string[]
  /** What suits it where nothing is asked for. */
  defaults: ModelDefaults
}

export interface DeviceRecord {
  device: Exclude<Device, 'auto'>
  available: boolean
  /** Adapter or processor name, where it is known. */
  name: string | null
  /** What it has in all, in bytes; null: not known. `own`: it is the device's alone, not the system's. */
  memory: { bytes: number; own: boolean } | null
  /** Why it is not available, or what the self-test found. */
  note: string | null
  /** Whether this is what `auto` stands for. */
  automatic: boolean
  /** Forms and precision the self-test decided on. */
  forms: { attention: 'fused' | 'sliced'; precision: 'float32' | 'float16' } | null
  /** Relative difference to the CPU, per form of operator that the self-test ran. */
  selfTest: Readonly<Record<string, number>> | null
  /** How many times faster than the CPU. */
  speed: number | null
  /** Of a graphics card: how many times faster guidance is in one run, for square pictures by their side in latents. */
  together: readonly { side: number; speed: number }[]
  /** Of the CPU: what the self-test of Turbo found for networks of the published kinds that were tested. */
  turbo: readonly TurboRecord[]
}

/** `finding`: what automatic makes of it. */
export interface TurboRecord extends TurboTest {
  /** The models whose networks are so, by name. */
  models: string
  finding: TurboFinding
}

/** A model of this studio that a file names: its very files, or only its name. */
export interface ModelMatch {
  id: string
  by: 'hash' | 'name'
}

/** A file beside the model that another program's picture names. */
export type WantedFile = Pick<UsedFile, 'kind' | 'name'> & { hash: string | null }

/** The file that is here for it: the very same, or one that has its name. */
export interface FileMatch {
  name: string
  by: 'hash' | 'name'
}

const wantedFileSchema = z.object({
  kind: z.enum(usedFileKinds),
  name: z.string().max(300),
  hash: z.string().nullable(),
})

/** Arguments of the calls about models. */
export const modelCallSchemas = {
  models: z.tuple([]),
  rescanModels: z.tuple([]),
  devices: z.tuple([]),
  findModel: z.tuple([z.object({ name: z.string().max(1000), hash: z.string().max(1000).nullable() })]),
  findFiles: z.tuple([z.array(wantedFileSchema).max(300)]),
} as const

export interface ModelCalls {
  models(): Promise<ModelRecord[]>
  rescanModels(): Promise<ModelRecord[]>
  devices(): Promise<DeviceRecord[]>
  /** The model that another program calls so; null: it is not here. */
  findModel(made: NonNullable<Generation['model']>): Promise<ModelMatch | null>
  /** The files that another program names so, in their order; null: it is not here. */
  findFiles(wanted: WantedFile[]): Promise<(FileMatch | null)[]>
}
