import type { ReadingMarks } from './readingMarks.ts'
import type { Span } from './promptSyntax.ts'

/** A part of a prompt that looks the same all along. */
export interface Segment {
  text: string
  classes: string
  /** A chunk begins with it. */
  begins: boolean
}

/** Cuts a prompt where its look changes. */
export function promptSegments(text: string, spans: readonly Span[], marks: ReadingMarks | null): Segment[] {
  const looks = Array.from({ length: text.length }, (): string[] => [])
  const paint = (name: string, from: number, to: number): void => {
    for (let at = from; at < to; at++) looks[at].push(name)
  }
  for (const { kind, from, to } of spans) paint(kind, from, to)
  for (const { from, to } of marks?.broken ?? []) paint('broken', from, to)
  for (const { from, to } of marks?.embeddings ?? []) paint('embedding', from, to)
  if (typeof marks?.unreadFrom === 'number') paint('unread', marks.unreadFrom, text.length)
  const starts = new Set(marks?.chunkStarts)

  const segments: Segment[] = []
  looks.forEach((look, at) => {
    const classes = look.join(' ')
    const last = segments.at(-1)
    if (last && last.classes === classes && !starts.has(at)) last.text += text[at]
    else segments.push({ text: text[at], classes, begins: starts.has(at) })
  })
  return segments
}
