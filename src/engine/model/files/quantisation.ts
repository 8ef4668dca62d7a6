import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { FileRange } from '../../graph/writing/onnx.ts'

/**
 * How a layer of weights in 8 bits was made, as ComfyUI writes it: JSON in a tensor beside the weight (`X.comfy_quant`), or for
 * all layers in the header (`_quantization_metadata`). See docs/int8_convrot.md of stable-diffusion.cpp.
 */
export interface Quantisation {
  format: string
  /** Rows are turned in groups of so many numbers; null: they are not. */
  rotation: number | null
}

const layerSchema = z
  .looseObject({
    format: z.string(),
    convrot: z.boolean().optional(),
    convrot_groupsize: z.number().int().positive().optional(),
  })
  .transform(({ format, convrot, convrot_groupsize: size = 256 }): Quantisation => {
    return { format, rotation: convrot ? size : null }
  })

const headerSchema = z.looseObject({ layers: z.record(z.string(), layerSchema) })

/** Longer texts beside a weight say something else. */
const longestText = 4096

/** null: what is written there is not understood. */
export function quantisationIn({ folder, location, offset, length }: FileRange): Quantisation | null {
  if (length > longestText) return null
  const bytes = Buffer.alloc(length)
  const file = openSync(join(folder, location), 'r')
  try {
    readSync(file, bytes, 0, length, offset)
  } finally {
    closeSync(file)
  }
  return parsed(bytes.toString('utf8'), layerSchema)
}

/** By the names of layers. */
export const quantisationsIn = (text: string | undefined): Readonly<Record<string, Quantisation>> =>
  (text === undefined ? null : parsed(text, headerSchema)?.layers) ?? {}

function parsed<Found>(text: string, schema: z.ZodType<Found>): Found | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
