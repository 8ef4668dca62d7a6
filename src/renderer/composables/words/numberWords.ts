import { useI18n } from 'vue-i18n'
import { writeNumber, writePlain } from '../../locales/numbers.ts'

/** Outside these a number is written by its power of ten. */
const [least, most] = [1e-4, 1e7]
const notationOf = (value: number): 'standard' | 'scientific' =>
  value === 0 || (Math.abs(value) >= least && Math.abs(value) < most) ? 'standard' : 'scientific'

type Style = Pick<Intl.NumberFormatOptions, 'style' | 'notation' | 'compactDisplay'>

/** Numbers as a language writes them: what is read, not what other programs take. */
export function numberWords(language: () => string) {
  const write = (value: number, style: Intl.NumberFormatOptions): string =>
    writeNumber(language(), value, { ...style, signDisplay: 'negative' })

  return {
    /** As a person typed it, with every digit and no thousands set apart: 7.5, 4294967295. */
    plain: (value: number): string => writePlain(language(), value),
    /** With so many digits after the decimal mark: 0.50. */
    fixed: (value: number, digits: number, style?: Style): string =>
      write(value, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...style }),
    /** With so many significant digits: 0.500, 1.20E-7. */
    exact: (value: number, digits: number, style?: Style): string =>
      write(value, {
        ...{ minimumSignificantDigits: digits, maximumSignificantDigits: digits },
        ...{ notation: notationOf(value), ...style },
      }),
    /** With no more significant digits than so many, but whole numbers whole: 0.5, 1.2E-7, 1,513. */
    short: (value: number, digits: number): string => {
      const notation = notationOf(value)
      const isWhole = notation === 'standard' && Number.isInteger(value)
      return write(value, isWhole ? {} : { maximumSignificantDigits: digits, notation })
    },
  }
}

/** In the window's language. */
export function useNumberWords(): ReturnType<typeof numberWords> {
  const { locale } = useI18n()
  return numberWords(() => locale.value)
}
