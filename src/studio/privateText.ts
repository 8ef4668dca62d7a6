import { homedir } from 'node:os'
import type { ResolvedRequest } from '../shared/request/request.ts'

type Prompts = Pick<ResolvedRequest, 'prompt' | 'negativePrompt'>

const leftOut = '…'

/** A message without what a person wrote in prompts: all of a prompt, and what is quoted from one. */
export function withoutPrompts(message: string, requests: readonly Prompts[]): string {
  const texts = requests
    .flatMap(({ prompt, negativePrompt }) => [prompt, negativePrompt])
    .filter((text) => text.trim() !== '')
    .sort((one, other) => other.length - one.length)
  const whole = texts.reduce((text, prompt) => text.replace(asWords(prompt), leftOut), message)
  return whole.replace(/(["“‘'`])(.+?)(["”’'`])/gs, (quoted, open: string, words: string, close: string) =>
    texts.some((prompt) => prompt.includes(words)) ? `${open}${leftOut}${close}` : quoted,
  )
}

/** Where a text stands by itself: a prompt of one letter is in every word. */
const asWords = (text: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu')

/** A text that tells nobody where a person's own folder lies, nor its name. */
export const withoutHome = (text: string, home: string = homedir()): string =>
  home.length > 1 ? text.replaceAll(home, '~').replaceAll(home.replaceAll('\\', '/'), '~') : text
