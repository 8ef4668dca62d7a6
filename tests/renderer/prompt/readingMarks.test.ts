import { describe, expect, it } from 'vitest'
import type { PromptReading, PromptWord } from '../../../src/shared/calls/promptCalls.ts'
import { promptSyntax } from '../../../src/renderer/components/create/prompt/promptSyntax.ts'
import { readingMarks } from '../../../src/renderer/components/create/prompt/readingMarks.ts'

const words = (said: string): PromptWord[] =>
  said.split(' ').map((word) => ({ text: word.replaceAll('·', ''), pieces: word.split('·') }))

function marked(text: string, texts: string[][], limit: number | null = null) {
  const reading: PromptReading = {
    texts: texts.map((chunks) => chunks.map(words)),
    tokens: texts[0].flatMap(words).reduce((sum, { pieces }) => sum + pieces.length, 0),
    chunkTokens: limit === null ? 75 : null,
    limit,
  }
  const spans = promptSyntax(text, { tags: true, round: true, square: true })
  const marks = readingMarks(text, spans, reading)
  return {
    broken: marks.broken.map(({ from, to, pieces }) => `${text.slice(from, to)}: ${pieces.join('·')}`),
    chunks: marks.chunkStarts.map((from) => text.slice(from)),
    unread: marks.unreadFrom === null ? null : text.slice(marks.unreadFrom),
  }
}

describe('what is read, in the text as it was written', () => {
  it('shows where chunks begin and which words are cut', () => {
    expect(marked('A (Greg Rutkowski:1.2) BREAK a Fox', [['a greg rut·kow·ski', 'a fox']])).toEqual({
      broken: ['Rutkowski: rut·kow·ski'],
      chunks: ['a Fox'],
      unread: null,
    })
  })

  it('finds no words in tags, comments, weights and other words', () => {
    const text = '<lora:ab:1> scab # ab\n(ab:1.5)'
    expect(marked(text, [['scab a·b']]).broken).toEqual(['ab: a·b'])
    expect(marked('1 (cat:1.1), 1', [['1 cat , 1']]).broken).toEqual([])
  })

  it('follows every text that editing makes', () => {
    const texts = [['mou·se runs'], ['c·at runs']]
    expect(marked('[cat:mouse:0.5] runs', texts).broken).toEqual(['mouse: mou·se', 'cat: c·at'])
  })

  it('shows what is not read any more', () => {
    expect(marked('one two three', [['one two three']], 2).unread).toBe('three')
  })

  it('has places for letters of any length', () => {
    expect(marked('İ 🦊 ru·tk'.replace('·', ''), [['🦊 ru·tk']]).broken).toEqual(['rutk: ru·tk'])
  })
})
