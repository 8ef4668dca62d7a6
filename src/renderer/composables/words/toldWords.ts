import { useI18n } from 'vue-i18n'
import type { ErrorRecord } from '../../../shared/errors.ts'
import type { Saying, Told } from '../../../shared/notices.ts'

interface SaidTold {
  /** In the person's language. */
  said: string
  /** The messages of errors that are its reasons, which are English; empty where `said` has them. */
  originals: string[]
}

/** What a studio told: its English words, or in another language the sentences of their codes. */
export function useToldWords(): (told: Told) => SaidTold {
  const { t, tm } = useI18n()
  return ({ says, message }) => {
    const here: Record<string, string> = tm('noticeHere')
    if (!says.every(({ code }) => here[code])) return { said: message, originals: [] }
    const errors: Record<string, string> = tm('errorHere')
    const sentence = ({ code, values }: Saying): string => {
      const shown = Object.entries(values).map(([name, value]) => [
        name,
        isError(value) ? errors[value.code] : value,
      ])
      return t(
        `noticeHere.${code}`,
        Object.fromEntries(shown) as Record<string, unknown>,
        Number(values['count'] ?? 1),
      )
    }
    const reasons = says.flatMap(({ values }) => Object.values(values).filter(isError))
    // What ends a sentence in Chinese and Japanese brings its own room.
    const said = says
      .map(sentence)
      .join(' ')
      .replaceAll(/([。：]) /g, '$1')
    return { said, originals: reasons.map((reason) => reason.message) }
  }
}

const isError = (value: Saying['values'][string]): value is ErrorRecord => typeof value === 'object'
