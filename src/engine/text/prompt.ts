/** One of the prompts joined by AND, and how much it counts. */
export interface ComposedPrompt {
  text: string
  weight: number
}

/** A tag such as <lora:name:0.8>: what kind it is, and its arguments. */
export interface ExtraNetwork {
  kind: string
  arguments: string[]
}

/**
 * The prompts that AND joins, each with the weight a last `:number` gives it (else 1).
 * Source: "Compositional Visual Generation with Composable Diffusion Models" (Liu et al. 2022), equation 11;
 * AUTOMATIC1111 1.10.1, get_multicond_prompt_list.
 */
export function composePrompt(prompt: string): ComposedPrompt[] {
  return prompt.split(/(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])/u).map((part) => {
    const text = part.trimEnd()
    const colon = text.lastIndexOf(':')
    const written = colon < 0 ? '' : text.slice(colon + 1).trimStart()
    if (!/^[-+]?(?:\d+\.?|\d*\.\d+)$/.test(written)) return { text, weight: 1 }
    return { text: text.slice(0, colon).trimEnd(), weight: Number(written) }
  })
}

/** Takes the tags <kind:arguments> out of a prompt. AUTOMATIC1111 1.10.1, extra_networks.parse_prompt. */
export function extractNetworks(prompt: string): { text: string; networks: ExtraNetwork[] } {
  const networks: ExtraNetwork[] = []
  // Past the last > nothing can match; looking there would take quadratic time.
  const lastTag = prompt.lastIndexOf('>') + 1
  const text = prompt
    .slice(0, lastTag)
    .replace(/<([\p{L}\p{N}_]+):([^>]+)>/gu, (_, kind: string, list: string) => {
      networks.push({ kind, arguments: list.split(':') })
      return ''
    })
  return { text: text + prompt.slice(lastTag), networks }
}

/** Removes comments, from # to the end of the line. AUTOMATIC1111 1.10.1, scripts/processing/comments.py. */
export const stripComments = (prompt: string): string =>
  prompt.replace(/(^|\n)#[^\n]*(\n|$)/g, '\n').replace(/#[^\n]*(\n|$)/g, '\n')
