import { wildcardPattern } from '../../../../shared/prompt/wildcardName.ts'

/** What a part of a prompt is, where it is not plain words. */
export type SyntaxKind =
  'comment' | 'tag' | 'wildcard' | 'choice' | 'emphasis' | 'schedule' | 'joint' | 'escape' | 'stray'

export interface Span {
  from: number
  to: number
  kind: SyntaxKind
}

/** What of the language a model and its convention read; choices in braces and wildcards are always made. */
export interface ReadSyntax {
  /** <lora:…> and comments. */
  tags: boolean
  /** (emphasis). */
  round: boolean
  /** [less], [a:b:0.5], [a|b], BREAK and AND. */
  square: boolean
}

const patterns = {
  comment: String.raw`#[^\n]*`,
  tag: String.raw`<[\p{L}\p{N}_]+:[^>]+>`,
  wildcard: wildcardPattern,
  escape: String.raw`\\[\\()[\]{}|]`,
  joint: String.raw`(?<![\p{L}\p{N}_])(?:BREAK|AND)(?![\p{L}\p{N}_])`,
  mark: String.raw`[()[\]{}|:]`,
}
const tokens = new RegExp(
  Object.entries(patterns)
    .map(([name, source]) => `(?<${name}>${source})`)
    .join('|'),
  'gu',
)

interface Frame {
  bracket: string
  at: number
  colons: number[]
  bars: number[]
}

const partners: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const number = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/

/** The parts of a prompt that are not plain words, in their order; brackets without a partner are strays. */
export function promptSyntax(text: string, read: ReadSyntax): Span[] {
  const spans: Span[] = []
  const frames: Frame[] = []
  const add = (kind: SyntaxKind, from: number, to = from + 1): void => void spans.push({ from, to, kind })
  const isRead: Readonly<Record<string, boolean>> = {
    ...{ '(': read.round, ')': read.round, '[': read.square, ']': read.square },
    ...{ '{': true, '}': true },
  }

  function close(closer: string, at: number): void {
    const depth = frames.findLastIndex(({ bracket }) => bracket === partners[closer])
    if (depth < 0) return add('stray', at)
    const [frame, ...unclosed] = frames.splice(depth)
    for (const stray of unclosed) add('stray', stray.at)
    for (const [kind, from, to] of partsOf(frame, at, text)) add(kind, from, to)
  }

  for (const { 0: token, index: at, groups } of text.matchAll(tokens)) {
    const [kind] = Object.entries(groups!).find(([, found]) => found !== undefined)!
    const frame = frames.at(-1)
    if (kind === 'comment' || kind === 'tag') {
      if (read.tags) add(kind, at, at + token.length)
    } else if (kind === 'joint') {
      if (read.square) add(kind, at, at + token.length)
    } else if (kind === 'wildcard' || kind === 'escape') add(kind, at, at + token.length)
    else if (token === '|') frame?.bars.push(at)
    else if (token === ':') frame?.colons.push(at)
    else if (!isRead[token]) continue
    else if (partners[token] === undefined) frames.push({ bracket: token, at, colons: [], bars: [] })
    else close(token, at)
  }
  for (const { at } of frames) add('stray', at)
  return spans.sort((one, other) => one.from - other.from)
}

/** What a pair of brackets and the colons and bars in it are. */
function partsOf(
  { bracket, at: from, colons, bars }: Frame,
  to: number,
  text: string,
): [SyntaxKind, number, number][] {
  const single = (kind: SyntaxKind, places: readonly number[]): [SyntaxKind, number, number][] =>
    places.map((at) => [kind, at, at + 1])
  if (bracket === '{') return single('choice', [from, ...bars, to])
  const colon = colons.at(-1)
  const hasNumber = colon !== undefined && number.test(text.slice(colon + 1, to))
  if (bracket === '(') return [...single('emphasis', [from]), ['emphasis', hasNumber ? colon : to, to + 1]]
  if (bars.length > 0) return single('schedule', [from, ...bars, to])
  if (!hasNumber) return single('emphasis', [from, to])
  return [...single('schedule', [from, ...colons.slice(0, -1)]), ['schedule', colon, to + 1]]
}
