/** The text that holds up to and including a step (counted from 1). */
export interface ScheduledText {
  until: number
  text: string
}

type Part = string | Stray | Group | Editing | Alternation
/** A bracket or colon that belongs to no construct. */
interface Stray {
  stray: string
}
/** Brackets of emphasis and what they hold, which has no part in resolving what stands outside. */
interface Group {
  group: Part[]
}
/** [before:after:when]: another text after a step. `when` as it was written; `literal` is all of it as text. */
interface Editing {
  before: Part[]
  after: Part[]
  when: string
  literal: Part[]
}
/** [a|b]: another text at every step. */
interface Alternation {
  options: Part[][]
}

/**
 * The texts of a prompt over the steps: editing [a:b:0.5], [a:5], [a::5] and alternation [a|b], nested at will.
 * A fraction (a number with a point) is of all steps, a whole number is a step. Brackets that make no such
 * construct stay text; so does the whole prompt where a | stands outside of one.
 * AUTOMATIC1111 1.10.1, get_learned_conditioning_prompt_schedules.
 */
export function promptSchedule(prompt: string, steps: number, timing: PromptTiming = {}): ScheduledText[] {
  const parts = parseParts(prompt)
  if (!parts) return [{ until: steps, text: prompt }]
  const stepOf = (when: string) => editingStep(when, steps, timing)
  const ends = new Set([steps])
  collectEnds(parts, steps, stepOf, ends)
  return [...ends].sort((a, b) => a - b).map((until) => ({ until, text: textAt(parts, until, stepOf) }))
}

/** How the numbers of an editing are counted. */
export interface PromptTiming {
  /** Versions before 1.6.0: a number below 1 is a fraction, any other a step. */
  old?: boolean
  /** Steps of the passes before this one: fractions from 1 to 2 and steps beyond these belong to this pass. */
  stepsBefore?: number
}

type StepOf = (when: string) => number

/** The step after which the later text of an editing holds; 0 or less: from the start. */
function editingStep(when: string, steps: number, { old, stepsBefore = 0 }: PromptTiming): number {
  const value = Number(when)
  const isFraction = old ? value < 1 : when.includes('.')
  const step = isFraction ? (value - (stepsBefore > 0 ? 1 : 0)) * steps : value - stepsBefore
  return Math.min(steps, Math.trunc(step))
}

const isEditing = (part: Part): part is Editing => typeof part === 'object' && 'when' in part
const isGroup = (part: Part): part is Group => typeof part === 'object' && 'group' in part
const isStray = (part: Part): boolean => typeof part === 'object' && 'stray' in part

function collectEnds(parts: readonly Part[], steps: number, stepOf: StepOf, ends: Set<number>): void {
  // No recursion here and below: a prompt can nest thousands of brackets.
  const open = [...parts]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (isGroup(part)) open.push(...part.group)
    else if (isEditing(part)) {
      const end = stepOf(part.when)
      if (end >= 1) ends.add(end)
      open.push(...part.before, ...part.after)
    } else if (typeof part === 'object' && 'options' in part) {
      for (let step = 1; step <= steps; step++) ends.add(step)
    }
  }
}

function textAt(parts: readonly Part[], step: number, stepOf: StepOf): string {
  const open = parts.toReversed()
  let text = ''
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part === 'string') text += part
    else if ('stray' in part) text += part.stray
    else open.push(...partsAt(part, step, stepOf).toReversed())
  }
  return text
}

/** What a construct stands for at a step. */
function partsAt(part: Group | Editing | Alternation, step: number, stepOf: StepOf): Part[] {
  if ('group' in part) return part.group
  if ('options' in part) return part.options[(step - 1) % part.options.length]
  return step <= stepOf(part.when) ? part.before : part.after
}

/**
 * What the reference's parser (Earley, "resolve") makes of brackets that do not match, from the last to the first:
 * an editing that an even number of stray brackets and colons follows at once is text. The brackets of emphasis
 * around it are stray with them.
 */
function resolveStrays(parts: readonly Part[]): Part[] {
  const open = [...parts]
  const resolved: Part[] = []
  let strays = 0
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (isEditing(part) && strays > 0 && strays % 2 === 0) open.push(...part.literal)
    else if (isGroup(part) && strays > 0 && endsInEditing(part)) open.push(...part.group)
    else {
      resolved.push(part)
      strays = isStray(part) ? strays + 1 : 0
    }
  }
  return resolved.reverse()
}

/** Whether nothing but brackets stands behind the last editing of an emphasis, or in all of it. */
function endsInEditing(outer: Group): boolean {
  let last: Part | undefined = outer
  while (last !== undefined && isGroup(last)) last = last.group.findLast((part) => !isStray(part))
  return last === undefined || isEditing(last)
}

/** An open bracket and what has been read since, cut at each : and |. */
interface Frame {
  bracket: string
  sections: Part[][]
  separators: string
}

/** undefined: the reference's grammar refuses the prompt, and it is one text. */
function parseParts(prompt: string): Part[] | undefined {
  const done: Part[] = []
  let frames: Frame[] = []
  const current = () => frames.at(-1)?.sections.at(-1) ?? done
  const append = (parts: readonly Part[]) => {
    const target = current()
    for (const part of parts) {
      const last = target.length - 1
      if (typeof part === 'string' && typeof target[last] === 'string') target[last] += part
      else target.push(part)
    }
  }
  /** Open brackets that cannot become constructs any more are text. False where a | would be left over. */
  const abandonFrames = (): boolean => {
    const abandoned = frames
    frames = []
    for (const { bracket, sections, separators } of abandoned) {
      if (separators.includes('|')) return false
      append([{ stray: bracket }, ...joinSections(sections)])
    }
    return true
  }

  for (const [token] of prompt.matchAll(/(?:[^\\[\]():|]|\\.)+|[^]/gu)) {
    if (token === '[' || token === '(') frames.push({ bracket: token, sections: [[]], separators: '' })
    else if (token === ']' || token === ')') {
      const frame = frames.at(-1)
      const construct = frame && closeFrame(frame, token)
      if (construct) {
        frames.pop()
        append(construct)
      } else if (abandonFrames()) append([{ stray: token }])
      else return undefined
    } else if (token === ':' || token === '|') {
      const frame = frames.at(-1)
      if (frame) {
        frame.separators += token
        frame.sections.push([])
      } else if (token === ':') append([{ stray: token }])
      else return undefined
    } else if (token === '\\') return undefined
    else append([token])
  }
  return abandonFrames() ? resolveStrays(done) : undefined
}

const joinSections = (sections: readonly Part[][]): Part[] =>
  sections.flatMap((section, index) => (index > 0 ? [{ stray: ':' }, ...section] : section))

/** Emphasis as one part, with its brackets. */
const groupOf = (bracket: string, sections: readonly Part[][], closer: string): Part[] => [
  { group: [{ stray: bracket }, ...joinSections(sections), { stray: closer }] },
]

const when = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/

/** What a closed bracket is; undefined when it is none of the language's constructs. */
function closeFrame({ bracket, sections, separators }: Frame, closer: string): Part[] | undefined {
  if (bracket === '(') {
    if (closer !== ')' || !(separators === '' || separators === ':')) return undefined
    return groupOf(bracket, sections, closer)
  }
  if (closer !== ']') return undefined
  if (separators === '') return groupOf(bracket, sections, closer)
  if (/^\|+$/.test(separators)) return [{ options: sections }]
  const last = sections.at(-1)!
  const written = typeof last[0] === 'string' && last.length === 1 ? when.exec(last[0])?.[1] : undefined
  if (written === undefined || !(separators === ':' || separators === '::')) return undefined
  const [before, after] = separators === ':' ? [[], sections[0]] : [sections[0], sections[1]]
  const literal = [{ stray: '[' }, ...joinSections(sections), { stray: ']' }]
  return [{ before, after, when: written, literal }]
}
