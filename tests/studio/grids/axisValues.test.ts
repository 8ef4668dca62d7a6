import { describe, expect, it } from 'vitest'
import { axisValues, listValues, readOrder } from '../../../src/studio/grids/axisValues.ts'

/** The examples of AUTOMATIC1111's documentation (wiki, Features, "X/Y/Z plot" and "Prompt S/R"). */
describe('values as AUTOMATIC1111 writes them', () => {
  it.each([
    ['1-5', 'integer', '1 2 3 4 5'],
    ['1-5 (+2)', 'integer', '1 3 5'],
    ['10-5 (-3)', 'integer', '10 7'],
    ['1-3 (+0.5)', 'number', '1 1.5 2 2.5 3'],
    ['1-10 [5]', 'integer', '1 3 5 7 10'],
    ['0.0-1.0 [6]', 'number', '0 0.2 0.4 0.6 0.8 1'],
    ['1-10(+2)', 'integer', '1 3 5 7 9'],
    ['1-10[5]', 'integer', '1 3 5 7 10'],
    ['4, 8 , 12-16(+2), 30', 'integer', '4 8 12 14 16 30'],
    ['-2-2', 'integer', '-2 -1 0 1 2'],
    ['-1', 'integer', '-1'],
    ['0-1 (+0.1)', 'number', '0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1'],
    ['0-1 (+0.3)', 'number', '0 0.3 0.6 0.9'],
    ['1, , 2,', 'integer', '1 2'],
    ['yes, False, 1', 'switch', 'true false true'],
    ['5-7 [1]', 'number', '5'],
  ] as const)('%s as %s', (written, kind, values) => {
    expect(axisValues(written, kind)).toEqual(values.split(' '))
  })

  it.each([
    ['an apple, a watermelon, a gun', ['an apple', 'a watermelon', 'a gun']],
    ['"darkness, light", "darkness, green", "heat"', ['darkness, light', 'darkness, green', 'heat']],
    ['"darkness, light","darkness, green",heat', ['darkness, light', 'darkness, green', 'heat']],
    ['say ""no"", a "b"', ['say ""no""', 'a "b"']],
    ['"she said ""no""", yes', ['she said "no"', 'yes']],
    ['red,,blue,', ['red', '', 'blue', '']],
    ['one\ntwo, three', ['one', 'two', 'three']],
    ['"never closed, at all', ['never closed, at all']],
    ['  ', []],
  ])('the list %j', (written, values) => {
    expect(listValues(written)).toEqual(values)
  })

  it('every order of texts', () => {
    const orders = axisValues('a, b, c', 'order').map((value) => readOrder(value).join(''))
    expect(orders).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  })

  it('what is no range stays as it is, for the parameter to refuse', () => {
    expect(axisValues('1.5-3, ten, 3-', 'integer')).toEqual(['1.5-3', 'ten', '3-'])
  })

  it.each([
    ['5-1', 'integer', /has no value.*5-1 \(-1\)/],
    ['1-5 (+0)', 'integer', /step of 0/],
    ['1-1000000000', 'integer', /1000000000 values/],
    ['perhaps', 'switch', /true or false, found "perhaps"/],
    ['a,b,c,d,e,f,g', 'order', /at most 6 texts/],
  ] as const)('%s as %s is refused', (written, kind, message) => {
    expect(() => axisValues(written, kind)).toThrow(message)
  })
})
