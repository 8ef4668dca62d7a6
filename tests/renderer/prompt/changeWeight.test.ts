import { describe, expect, it } from 'vitest'
import { changeWeight, type Selected } from '../../../src/renderer/components/create/prompt/changeWeight.ts'

/** "a r|ed fox": the caret; "a |red| fox": what is selected. */
function read(marked: string): Selected {
  const [before, inside, ...behind] = marked.split('|')
  const selected = behind.length > 0 ? inside : ''
  const rest = behind.length > 0 ? behind.join('|') : inside
  return { text: before + selected + rest, start: before.length, end: before.length + selected.length }
}
const print = ({ text, start, end }: Selected): string =>
  `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`

/** Before, one step up, one step down; made by AUTOMATIC1111 1.10.1's own edit-attention.js, and null where it changes nothing. */
const automatic1111: [string, string | null, string | null][] = [
  ['a r|ed fox', 'a (|red|:1.1) fox', 'a (|red|:0.9) fox'],
  ['a |red fox| runs', 'a (|red fox|:1.1) runs', 'a (|red fox|:0.9) runs'],
  ['a |red fox |runs', 'a (|red fox|:1.1) runs', 'a (|red fox|:0.9) runs'],
  ['(re|d:1.2)', '(|red|:1.3)', '(|red|:1.1)'],
  ['(red:1.|1)', '(|red|:1.2)', '|red|'],
  ['(a red:1.2), |dog', '(a red:1.2), (|dog|:1.1)', '(a red:1.2), (|dog|:0.9)'],
  ['(re|d)', '(|red|:1.2)', '|red|'],
  ['((re|d))', '(|red|:1.3)', '(|red|:1.1)'],
  ['(((red|)))', '(|red|:1.4)', '(|red|:1.2)'],
  ['[re|d]', '|red|', '(|red|:0.8)'],
  ['[[r|ed]]', '(|red|:0.9)', '(|red|:0.7)'],
  ['<lora:sty|le:1>', '<|lora:style|:1.05>', '<|lora:style|:0.95>'],
  ['<lora:x:0.9|5>', '<|lora:x|:1.0>', '<|lora:x|:0.9>'],
  ['<lora:sty|le>', null, null],
  ['((a:1.2) n|ested:1.3)', '((a:1.2) (|nested|:1.1):1.3)', '((a:1.2) (|nested|:0.9):1.3)'],
  ['((a|:1.2) nested:1.3)', '((|a|:1.3) nested:1.3)', '((|a|:1.1) nested:1.3)'],
  ['(a |dog|:1.5)', '(a (|dog|:1.1):1.5)', '(a (|dog|:0.9):1.5)'],
  ['|(a dog:1.5)|', '(|(a dog:1.5)|:1.1)', '(|(a dog:1.5)|:0.9)'],
  ['(red:-0.|1)', '(|red|:0.0)', '(|red|:-0.2)'],
  ['(red:1.05|)', '(|red|:1.15)', '(|red|:0.95)'],
  ['a, blu|e_hair, b', 'a, (|blue_hair|:1.1), b', 'a, (|blue_hair|:0.9), b'],
  ['word|\nnext', '(|word|:1.1)\nnext', '(|word|:0.9)\nnext'],
  ['a | b', null, null],
  ['|', null, null],
]

describe('a weight, one step more or less', () => {
  it.each(automatic1111)('%s is as in AUTOMATIC1111', (before, up, down) => {
    const selected = read(before)
    for (const [direction, expected] of [
      [1, up],
      [-1, down],
    ] as const) {
      const changed = changeWeight(selected, direction)
      expect(changed && print(changed)).toBe(expected)
    }
  })

  it('leaves brackets that are text alone', () => {
    expect(print(changeWeight(read('\\(re|d\\)'), 1)!)).toBe('\\((|red|:1.1)\\)')
  })

  it('takes a word between the marks of Chinese', () => {
    expect(print(changeWeight(read('红色的狐|狸，雪地'), 1)!)).toBe('(|红色的狐狸|:1.1)，雪地')
  })
})
