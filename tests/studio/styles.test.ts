import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyStyles, parseStyles, printStyles } from '../../src/studio/styles.ts'

describe('styles', () => {
  it('replace {prompt}, or follow the prompt after a comma', () => {
    expect(applyStyles('a cat', ['photo of {prompt}, 35mm', 'sharp'])).toBe('photo of a cat, 35mm, sharp')
    expect(applyStyles('', ['sharp', ''])).toBe('sharp')
    expect(applyStyles('a $& cat', ['{prompt}!'])).toBe('a $& cat!')
  })

  it('are read from a styles.csv of AUTOMATIC1111, old or new', () => {
    const csv =
      '\ufeffname,prompt,negative_prompt\r\nNone,,\r\nFilm,"grain, {prompt}\nsecond ""line""",blurry\r\n'
    expect(parseStyles(csv)).toEqual([
      { name: 'Film', prompt: 'grain, {prompt}\nsecond "line"', negativePrompt: 'blurry' },
    ])
    expect(parseStyles('name,text\nOld,x')).toEqual([{ name: 'Old', prompt: 'x', negativePrompt: '' }])
    expect(parseStyles('')).toEqual([])
  })

  it('that are printed are read the same', () => {
    const name = fc.stringMatching(/^[a-z",]{1,8}$/).filter((text) => text !== 'none')
    const styles = fc.array(fc.record({ name, prompt: fc.string(), negativePrompt: fc.string() }))
    fc.assert(
      fc.property(styles, (list) => {
        expect(parseStyles(printStyles(list))).toEqual(list)
      }),
    )
  })
})
