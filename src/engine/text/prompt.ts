/** One of the prompts joined by AND, and how much it counts. */
export interface ComposedPrompt {
  text: string
  weight: number
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
