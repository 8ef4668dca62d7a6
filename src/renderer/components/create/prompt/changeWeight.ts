/** A text and what of it is selected. */
export interface Selected {
  text: string
  start: number
  end: number
}

/** AUTOMATIC1111's steps ("Precision for (attention:1.1)" and for <extra networks:0.9>). */
const weightStep = 0.1
const strengthStep = 0.05
/** What ends a word: AUTOMATIC1111's characters, and the same of Chinese and Japanese. */
const delimiters = new Set('.,\\/!?%^*;:{}=`~() \t\r\n，。、；：！？（）')

/**
 * One step more or less weight for what is selected; for a caret, for the brackets around it or its word. A word without
 * brackets gets some, (((word))) and [word] become their number, and a weight of 1 takes the brackets away; within a
 * <lora:name:0.8> it is the strength. null: there is nothing to weigh. AUTOMATIC1111 1.10.1, edit-attention.js; but
 * escaped brackets are text here.
 */
export function changeWeight(selected: Selected, direction: 1 | -1): Selected | null {
  const held = bracketed(hold(selected))
  if (!held) return null
  const { text, start, end } = held
  const isTag = text[start - 1] === '<'
  const closing = text.indexOf(isTag ? '>' : ')', end)
  const written = text.slice(end + 1, closing)
  const weight = Number.parseFloat(written)
  if (text[end] !== ':' || closing < 0 || Number.isNaN(weight)) return null
  const changed = Number((weight + direction * (isTag ? strengthStep : weightStep)).toPrecision(12))
  if (changed !== 1 || isTag) {
    const number = Number.isInteger(changed) ? changed.toFixed(1) : String(changed)
    return { text: `${text.slice(0, end + 1)}${number}${text.slice(closing)}`, start, end }
  }
  const bare = text.slice(0, start - 1) + text.slice(start, end) + text.slice(closing + 1)
  return { text: bare, start: start - 1, end: end - 1 }
}

/** What a caret stands for: the inside of the brackets around it, without its weight, or the word. */
function hold(selected: Selected): Selected {
  const { text, start, end } = selected
  if (start !== end) return selected
  return (
    insideOf(selected, '<', '>') ??
    insideOf(selected, '(', ')') ??
    insideOf(selected, '[', ']') ??
    wordAt(text, start)
  )
}

/** null where the brackets next to the caret, on both sides, are not one pair. */
function insideOf({ text, start }: Selected, open: string, close: string): Selected | null {
  const from = text.lastIndexOf(open, start - 1)
  const to = text.indexOf(close, start)
  if (start === 0 || from < 0 || to < 0 || isEscaped(text, from) || isEscaped(text, to)) return null
  const content = text.slice(from + 1, to)
  if (content.includes(open) || content.includes(close)) return null
  const colon = /:-?[\d.]+/.test(content) ? content.lastIndexOf(':') : content.length
  return { text, start: from + 1, end: from + 1 + colon }
}

/** A bracket as text. */
const isEscaped = (text: string, at: number): boolean => text[at - 1] === '\\'

function wordAt(text: string, caret: number): Selected {
  let [start, end] = [caret, caret]
  while (start > 0 && !delimiters.has(text[start - 1])) start--
  while (end < text.length && !delimiters.has(text[end])) end++
  return { text, start, end }
}

/** With a weight behind it. null: there is nothing but spaces. */
function bracketed({ text, start, end }: Selected): Selected | null {
  const before = isEscaped(text, start - 1) ? '\\' : text[start - 1]
  const behind = text[end]
  if (before === '<') return { text, start, end }
  const isPair = (before === '(' && behind === ')') || (before === '[' && behind === ']')
  if (isPair) return withNumber({ text, start, end }, before, behind)
  if (before === '(') return { text, start, end }
  const last = start + text.slice(start, end).trimEnd().length
  if (last === start) return null
  return {
    text: `${text.slice(0, start)}(${text.slice(start, last)}:1.0)${text.slice(last)}`,
    start: start + 1,
    end: last + 1,
  }
}

/** (((word))) and [[word]] as (word:1.3) and (word:0.8), to the nearest step. */
function withNumber({ text, start, end }: Selected, open: string, close: string): Selected {
  let depth = 1
  while (text[start - depth - 1] === open && text[end + depth] === close) depth++
  const exact = open === '[' ? (1 / 1.1) ** depth : 1.1 ** depth
  const weight = Number((Math.round(exact / weightStep) * weightStep).toPrecision(12))
  return {
    text: `${text.slice(0, start - depth)}(${text.slice(start, end)}:${weight})${text.slice(end + depth)}`,
    start: start - depth + 1,
    end: end - depth + 1,
  }
}
