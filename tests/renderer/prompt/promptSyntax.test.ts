import { describe, expect, it } from 'vitest'
import { promptSyntax, type ReadSyntax } from '../../../src/renderer/components/create/prompt/promptSyntax.ts'

const all: ReadSyntax = { tags: true, round: true, square: true }
const kinds = (text: string, read = all): string[] =>
  promptSyntax(text, read).map(({ from, to, kind }) => `${kind} ${text.slice(from, to)}`)

describe('the syntax of a prompt', () => {
  it.each([
    ['a (red:1.2) fox', ['emphasis (', 'emphasis :1.2)']],
    ['((a:1.2) b)', ['emphasis (', 'emphasis (', 'emphasis :1.2)', 'emphasis )']],
    ['[cat:dog:0.5]', ['schedule [', 'schedule :', 'schedule :0.5]']],
    ['[cat|dog] [less]', ['schedule [', 'schedule |', 'schedule ]', 'emphasis [', 'emphasis ]']],
    ['{a|b} __animal__', ['choice {', 'choice |', 'choice }', 'wildcard __animal__']],
    ['<lora:x:0.8> a BREAK b AND c', ['tag <lora:x:0.8>', 'joint BREAK', 'joint AND']],
    ['BREAKFAST \\(a\\) # not (read', ['escape \\(', 'escape \\)', 'comment # not (read']],
    ['a (b', ['stray (']],
    ['a) (b]', ['stray )', 'stray (', 'stray ]']],
    ['([a)', ['emphasis (', 'stray [', 'emphasis )']],
  ])('%s', (text, expected) => {
    expect(kinds(text)).toEqual(expected)
  })

  it('is only what is read', () => {
    const comfy = { tags: false, round: true, square: false }
    expect(kinds('(a:1.1) [b] <lora:x:1> {c|d}', comfy)).toEqual([
      ...['emphasis (', 'emphasis :1.1)'],
      ...['choice {', 'choice |', 'choice }'],
    ])
    expect(kinds('(a [b', { tags: true, round: false, square: false })).toEqual([])
  })
})
