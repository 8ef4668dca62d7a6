/** A tag such as <lora:name:0.8>: how it was written, what kind it is, and its arguments. */
export interface PromptTag {
  written: string
  kind: string
  arguments: string[]
}

/** Takes the tags <kind:arguments> out of a prompt. AUTOMATIC1111 1.10.1, extra_networks.parse_prompt. */
export function extractTags(prompt: string): { text: string; tags: PromptTag[] } {
  const tags: PromptTag[] = []
  // Past the last > nothing can match; looking there would take quadratic time.
  const lastTag = prompt.lastIndexOf('>') + 1
  const text = prompt
    .slice(0, lastTag)
    .replace(/<([\p{L}\p{N}_]+):([^>]+)>/gu, (written: string, kind: string, list: string) => {
      tags.push({ written, kind, arguments: list.split(':') })
      return ''
    })
  return { text: text + prompt.slice(lastTag), tags }
}

/** Removes comments, from # to the end of the line. AUTOMATIC1111 1.10.1, scripts/processing/comments.py. */
export const stripComments = (prompt: string): string =>
  prompt.replace(/(^|\n)#[^\n]*(\n|$)/g, '\n').replace(/#[^\n]*(\n|$)/g, '\n')
