import { useI18n } from 'vue-i18n'
import type { ErrorRecord } from '../../../shared/errors.ts'

/** What is said of an error: its message, and what to do next where messages of its kind may leave that open. */
export function useErrorWords(): (error: ErrorRecord) => string {
  const { tm } = useI18n()
  return ({ code, message }) => {
    const next: Record<string, string> = tm('errorNext')
    return [message, next[code]].filter(Boolean).join(' ')
  }
}
