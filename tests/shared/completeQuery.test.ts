import { describe, expect, it } from 'vitest'
import { openPart, printValue } from '../../src/shared/pictureQuery/completeQuery.ts'

/** The part before the caret, which a bar stands for. */
const partOf = (written: string) => openPart(written.replace('|', ''), written.indexOf('|'))

describe('what of a search can be completed', () => {
  it.each([
    ['ste|', null, 'ste', 0],
    ['red ste|', null, 'ste', 4],
    ['ste| red', null, 'ste', 0],
    ['-ste|', null, 'ste', 1],
    ['is:|', 'is', '', 3],
    ['ControlNet:de|', 'control', 'de', 11],
    ['red -is:rated,re|', 'is', 're', 14],
    ['sampler="Euler a",h|', 'sampler', 'h', 18],
  ])('%s', (written, field, part, start) => {
    expect(partOf(written)).toEqual({ field, written: part, start })
  })

  it.each(['|', 'red |', 'st|eps', '"st|', 'steps>3|', 'nothing:a|', 'is:"ra|', 'a(st|'])(
    'nothing: %s',
    (written) => {
      expect(partOf(written)).toBeNull()
    },
  )

  it('a value that is more than one word stands in quotes', () => {
    expect(['euler', 'Euler a', 'a,b'].map(printValue)).toEqual(['euler', '"Euler a"', '"a,b"'])
  })
})
