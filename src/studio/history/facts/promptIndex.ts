import type { Database } from '../database/database.ts'
import type { Term } from '../searchWords.ts'

/** The words of all prompts in memory, where a search looks through all of them: 4 bytes a word of each different prompt. */
export interface PromptIndex {
  /** Reads some of what was not read yet; answers whether there is more. A search reads all that is missing. */
  readSome(): boolean
  /** Of each question, which is terms that a prompt has all of: 1 at the number of each such prompt. */
  find(questions: readonly (readonly Term[])[]): Uint8Array[]
}

/** What was read, up to the prompt of the last number. */
interface ReadPrompts {
  /** Words by their number, and of each prompt the numbers of its words, one prompt behind the other. */
  numbers: Map<string, number>
  words: Uint32Array<ArrayBuffer>
  /** Where a prompt ends; it begins where the one before ends. Of those that are gone nothing is left, or what they were. */
  ends: Uint32Array<ArrayBuffer>
  last: number
}

/** Terms that are looked for at once: a bit each. */
const termsAtOnce = 32
/** Prompts that are read at once, in about 5 ms. */
const readAtOnce = 1000
/** Questions whose answers are kept: those of a few searches, while they are typed. */
const mostKept = 16

export function createPromptIndex(database: Database): PromptIndex {
  const newer = database.prepare('SELECT id, words FROM prompts WHERE id > ? ORDER BY id LIMIT ?').raw()
  const read: ReadPrompts = {
    numbers: new Map(),
    words: new Uint32Array(),
    ends: new Uint32Array(1),
    last: 0,
  }
  /** As no prompt is ever changed, an answer holds for those that were read, and only later ones are looked through. */
  const kept = new Map<string, Uint8Array>()

  function readSome(): boolean {
    const rows = newer.all(read.last, readAtOnce) as [number, string][]
    for (const [id, text] of rows) take(read, id, text === '' ? [] : text.split(' '))
    return rows.length === readAtOnce
  }

  return {
    readSome,
    find(questions) {
      // A page of all pictures waits for no words.
      if (questions.length === 0) return []
      while (readSome());
      const answers = questions.map(answerSoFar)
      for (const together of passesOf(answers)) narrow(read, together)
      answers.forEach(keep)
      return answers.map(({ found }) => found)
    },
  }

  function answerSoFar(terms: readonly Term[]): Answer {
    const before = kept.get(JSON.stringify(terms)) ?? new Uint8Array(1)
    const found = new Uint8Array(read.last + 1).fill(Number(terms.length > 0), before.length)
    found.set(before)
    return { terms, found, first: before.length }
  }

  function keep({ terms, found }: Answer): void {
    const question = JSON.stringify(terms)
    kept.delete(question)
    kept.set(question, found)
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  }
}

/** Prompts found, of which those from the first on have not been held against the terms. */
interface Answer {
  terms: readonly Term[]
  found: Uint8Array
  first: number
}

/** Divides terms, so that those of each pass fit. */
function passesOf(answers: readonly Answer[]): Answer[][] {
  const passes: Answer[][] = []
  let room = 0
  for (const { terms, ...answer } of answers) {
    if (answer.first === answer.found.length) continue
    for (let from = 0; from < terms.length; from += termsAtOnce) {
      const some = terms.slice(from, from + termsAtOnce)
      if (some.length > room) passes.push([])
      room = (some.length > room ? termsAtOnce : room) - some.length
      passes.at(-1)!.push({ ...answer, terms: some })
    }
  }
  return passes
}

function take(read: ReadPrompts, id: number, own: readonly string[]): void {
  const { numbers, last } = read
  const begin = read.ends[last]
  const words = (read.words = withRoomFor(read.words, begin + own.length))
  const ends = (read.ends = withRoomFor(read.ends, id + 1))
  for (const [at, word] of own.entries()) {
    const number = numbers.get(word) ?? numbers.size
    if (number === numbers.size) numbers.set(word, number)
    words[begin + at] = number
  }
  ends.fill(begin, last + 1, id)
  ends[id] = begin + own.length
  read.last = id
}

function withRoomFor(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array
  const larger = new Uint32Array(Math.ceil(length * 1.5))
  larger.set(array)
  return larger
}

/** A term as numbers of words: those that one begins with, and what follows. */
interface NumberedTerm {
  first: number[]
  rest: number[]
}

function numbered({ numbers }: ReadPrompts, { words: [first, ...rest], isBegun }: Term): NumberedTerm {
  // A word that is not known has a number that no word has.
  const numberOf = (word: string): number => numbers.get(word) ?? numbers.size
  if (!isBegun) return { first: [numberOf(first)], rest: rest.map(numberOf) }
  const begun = [...numbers].filter(([word]) => word.startsWith(first))
  return { first: begun.map(([, number]) => number), rest: [] }
}

/** Leaves those of the prompts found that have all terms, in one pass for several answers. */
function narrow(read: ReadPrompts, answers: readonly Answer[]): void {
  const { words, ends, last } = read
  const terms = answers.flatMap((answer) => answer.terms.map((term) => numbered(read, term)))
  const begins = new Int32Array(read.numbers.size + 1)
  for (const [place, { first }] of terms.entries()) for (const number of first) begins[number] |= 1 << place
  const chains = terms.flatMap(({ rest }, place) => (rest.length > 0 ? [{ bit: 1 << place, rest }] : []))
  const chained = chains.reduce((bits, { bit }) => bits | bit, 0)
  const followed = (begun: number, at: number): number =>
    chains.reduce((bits, { bit, rest }) => (isFollowed(words, at, rest) ? bits : bits & ~bit), begun)
  const parts = answers.map(({ found, terms }, at) => {
    const before = answers.slice(0, at).reduce((sum, each) => sum + each.terms.length, 0)
    return { found, bits: bitsUpTo(before + terms.length) & ~bitsUpTo(before) }
  })
  const all = bitsUpTo(terms.length)
  const first = Math.min(...answers.map((answer) => answer.first))
  let at = ends[first - 1]
  for (let id = first; id <= last; id++) {
    let missing = all
    for (const end = ends[id]; at < end && missing !== 0; at++) {
      const begun = begins[words[at]]
      if (begun !== 0) missing &= ~((begun & chained) === 0 ? begun : followed(begun, at))
    }
    at = ends[id]
    if (missing !== 0) for (const { found, bits } of parts) if ((missing & bits) !== 0) found[id] = 0
  }
}

/** That many bits, up to 32. */
const bitsUpTo = (count: number): number => (2 ** count - 1) | 0

/** Whether the word at a place is followed by others. None of a chain is the last of a prompt: see `indexWords`. */
function isFollowed(words: Uint32Array, at: number, rest: readonly number[]): boolean {
  for (let place = 0; place < rest.length; place++) if (words[at + 1 + place] !== rest[place]) return false
  return true
}
