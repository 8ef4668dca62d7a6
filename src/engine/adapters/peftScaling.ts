/**
 * Factors of LoRA that PEFT keeps in its configuration, which diffusers writes into the file's metadata
 * ("lora_adapter_metadata", JSON with a prefix for each network).
 */
export interface Scaling {
  /** alpha / rank of a layer, its dots as underscores; null where nothing is said of its network. */
  of(network: string, module: string, rank: number): number | null
}

export function peftScaling(metadata: Readonly<Record<string, string>>): Scaling | null {
  const config = parsed(metadata['lora_adapter_metadata'])
  if (!config) return null
  return {
    of(network, module, rank) {
      const patterns = config[`${network}.alpha_pattern`]
      const alpha = fromPattern(patterns, module) ?? config[`${network}.lora_alpha`]
      if (typeof alpha !== 'number') return null
      return alpha / (config[`${network}.use_rslora`] === true ? Math.sqrt(rank) : rank)
    },
  }
}

function parsed(text: string | undefined): Record<string, unknown> | null {
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The value of the pattern that the end of a layer's name matches: PEFT's `get_pattern_key`. */
function fromPattern(patterns: unknown, module: string): unknown {
  if (typeof patterns !== 'object' || patterns === null) return undefined
  const found = Object.entries(patterns).find(([pattern]) => {
    const ending = pattern.replaceAll('\\.', '.').replaceAll('.', '_')
    return module === ending || module.endsWith(`_${ending}`)
  })
  return found?.[1]
}
