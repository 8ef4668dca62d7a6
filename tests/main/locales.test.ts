import { expect, test } from 'vitest'
import { languageNames, type Language } from '../../src/shared/languages.ts'
import { openingSentences } from '../../src/shared/opening.ts'
import { en, type Words } from '../../src/main/locales/en.ts'

const others = languageNames.filter((language) => language !== 'en')
const wordsOf = async (language: Language): Promise<Words> =>
  ((await import(`../../src/main/locales/${language}.ts`)) as Record<Language, Words>)[language]

test.each(others)('the shell says nothing in English where it speaks %s', async (language) => {
  const { roles, ...words } = await wordsOf(language)
  const said = ({ update, menu, failure, opening, ...rest }: Omit<Words, 'roles'>): string[] => [
    ...[rest.ready(1), rest.ready(5), rest.failed, rest.quitWhile, rest.closeWhile, rest.quitDetail],
    ...[rest.closeDetail, rest.keepWorking, rest.goOnWithoutWindow, rest.quit, rest.cancel],
    ...[update.isThere('9'), update.detail, update.fetchIt, update.notNow],
    ...[failure.couldNotOpen, failure.wentWrong, failure.goesOn('log'), failure.pageGone],
    ...[failure.pageGoneDetail(3, 'oom'), ...Object.values(menu), ...Object.values(opening)],
  ]
  const english = new Set(said(en))
  expect(said(words).filter((text) => english.has(text))).toEqual([])
  expect(words.failure.pageGoneDetail(3, 'oom')).toContain(`${words.menu.view} → ${roles.reload}`)
})

test.each(others)(
  'what is said in %s while the studio opens has the same places to fill in',
  async (language) => {
    const { opening } = await wordsOf(language)
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()
    for (const [code, text] of Object.entries(opening))
      expect(places(text), code).toEqual(places(openingSentences[code as keyof typeof openingSentences]))
  },
)

test('every language but Electron’s own names the same commands', async () => {
  const named = await Promise.all(
    others.map(async (language) => Object.keys((await wordsOf(language)).roles)),
  )
  for (const commands of named) expect(commands.toSorted()).toEqual(named[0].toSorted())
  expect(named[0].length).toBeGreaterThan(0)
})
