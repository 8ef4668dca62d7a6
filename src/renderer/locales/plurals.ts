import type { Language } from '../../shared/languages.ts'

/**
 * The forms of a counted thing, in the order in which a locale writes them (`one | other`), for the languages that count
 * unlike English: the categories that CLDR's plural rules have for whole numbers.
 */
const formsOf: Partial<Record<Language, readonly Intl.LDMLPluralRule[]>> = {
  fr: ['one', 'other'],
  pt: ['one', 'other'],
  ru: ['one', 'few', 'many'],
}

/** How many forms a language has. A text with one more begins with a form for none. */
export const formCount = (language: Language): number => formsOf[language]?.length ?? 2

/** Which form of a text says a count: vue-i18n's `pluralRules`. */
export const pluralRules = Object.fromEntries(
  Object.entries(formsOf).map(([language, forms]) => {
    const rules = new Intl.PluralRules(language)
    return [
      language,
      (count: number, written: number): number => {
        const none = written > forms.length ? 1 : 0
        if (none && count === 0) return 0
        const form = forms.indexOf(rules.select(count))
        return none + (form === -1 ? forms.length - 1 : form)
      },
    ]
  }),
)
