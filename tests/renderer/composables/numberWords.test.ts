import { describe, expect, test } from 'vitest'
import { numberWords } from '../../../src/renderer/composables/words/numberWords.ts'

const wordsIn = (language: string): ReturnType<typeof numberWords> => numberWords(() => language)

describe('measured numbers', () => {
  test.each([
    ['en', '0.50', '14.6', '1.2E-7', '12.3%', '1,234.5'],
    ['de', '0,50', '14,6', '1,2E-7', '12,3 %', '1.234,5'],
    ['fr', '0,50', '14,6', '1,2E-7', '12,3 %', '1 234,5'],
    ['ru', '0,50', '14,6', '1,2E-7', '12,3 %', '1 234,5'],
  ])('in %s', (locale, half, sigma, tiny, share, large) => {
    const { exact, fixed, short } = wordsIn(locale)
    const plain = (text: string): string => text.replaceAll(/\s/g, ' ')
    expect(fixed(0.5, 2)).toBe(half)
    expect(exact(14.6146, 3)).toBe(sigma)
    expect(short(1.2e-7, 3)).toBe(tiny)
    expect(plain(fixed(0.1234, 1, { style: 'percent' }))).toBe(share)
    expect(plain(fixed(1234.5, 1))).toBe(large)
  })

  test('what a person typed keeps all its digits and sets no thousands apart', () => {
    const { plain } = wordsIn('de')
    expect([plain(7.5), plain(4294967295), plain(0.00001), plain(-0.25)]).toEqual([
      ...['7,5', '4294967295', '0,00001', '-0,25'],
    ])
  })

  test('large ones are counted in words, in the steps of the language', () => {
    const counted = (language: string): string =>
      wordsIn(language).exact(21_132_548, 3, { notation: 'compact', compactDisplay: 'long' })
    expect(['en', 'de', 'zh'].map(counted)).toEqual(['21.1 million', '21,1 Millionen', '2110万'])
  })

  test('zeros are kept where digits are counted, and dropped where they are short', () => {
    const { exact, fixed, short } = wordsIn('en')
    expect([exact(2, 3), short(2, 3), short(0, 3), fixed(-0.001, 2)]).toEqual(['2.00', '2', '0', '0.00'])
    expect([short(0.00085, 3), short(12_345_678, 3), exact(Infinity, 3)]).toEqual(['0.00085', '1.23E7', '∞'])
    expect([short(1513, 3), short(1513.4, 3)]).toEqual(['1,513', '1,510'])
  })
})
