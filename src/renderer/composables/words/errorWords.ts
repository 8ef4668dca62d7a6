import { useI18n } from 'vue-i18n'
import type { ErrorRecord } from '../../../shared/errors.ts'
import { useToldWords } from './toldWords.ts'

interface SaidError {
  /** What happened and what to do next, in the person's language. */
  said: string
  /** The message itself, which is English; null where `said` has it. */
  original: string | null
}

/**
 * What is said of an error: its message, or in another language the sentences that it is coded in, or else what its code means;
 * and what to do next.
 */
export function useErrorWords(): (error: ErrorRecord) => SaidError {
  const { tm } = useI18n()
  const toldWords = useToldWords()
  return ({ code, message, says }) => {
    if (says) return { said: toldWords({ says, message }).said, original: null }
    const here: Record<string, string> = tm('errorHere')
    const next: Record<string, string> = tm('errorNext')
    const words = next[code] ? `${ended(here[code] ?? message)} ${next[code]}` : (here[code] ?? message)
    // The full stop of Chinese and Japanese brings its own room.
    return { said: words.replaceAll('。 ', '。'), original: here[code] ? message : null }
  }
}

/** A message of another program may lack its full stop. */
const ended = (text: string): string => (/[.!?…。！？]$/.test(text) ? text : `${text}.`)
