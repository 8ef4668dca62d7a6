/** The text that holds up to and including a step (counted from 1). */
export interface ScheduledText {
  until: number
  text: string
}

type Part = string | Editing | Alternation
/** [before:after:when]: another text after a step. `when` as it was written. */
interface Editing {
  before: Part[]
  after: Part[]
  when: string
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

function collectEnds(parts: readonly Part[], steps: number, stepOf: StepOf, ends: Set<number>): void {
  for (const part of parts) {
    if (typeof part === 'string') continue
    if ('options' in part) {
      for (let step = 1; step <= steps; step++) ends.add(step)
      for (const option of part.options) collectEnds(option, steps, stepOf, ends)
    } else {
      const end = stepOf(part.when)
      if (end >= 1) ends.add(end)
      collectEnds(part.before, steps, stepOf, ends)
      collectEnds(part.after, steps, stepOf, ends)
    }
  }
}

function textAt(parts: readonly Part[], step: number, stepOf: StepOf): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      if ('options' in part) return textAt(part.options[(step - 1) % part.options.length], step, stepOf)
      return textAt(step <= stepOf(part.when) ? part.before : part.after, step, stepOf)
    })
    .join('')
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
      append([bracket])
      sections.forEach((section, index) => append(index > 0 ? [':', ...section] : section))
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
      } else if (abandonFrames()) append([token])
      else return undefined
    } else if (token === ':' || token === '|') {
      const frame = frames.at(-1)
      if (frame) {
        frame.separators += token
        frame.sections.push([])
      } else if (token === ':') append([token])
      else return undefined
    } else if (token === '\\') return undefined
    else append([token])
  }
  return abandonFrames() ? done : undefined
}

const when = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/

/** What a closed bracket is; undefined when it is none of the language's constructs. */
function closeFrame({ bracket, sections, separators }: Frame, closer: string): Part[] | undefined {
  if (bracket === '(') {
    if (closer !== ')' || !(separators === '' || separators === ':')) return undefined
    return ['(', ...sections[0], ...(sections[1] ? [':', ...sections[1]] : []), ')']
  }
  if (closer !== ']') return undefined
  if (separators === '') return ['[', ...sections[0], ']']
  if (/^\|+$/.test(separators)) return [{ options: sections }]
  const last = sections.at(-1)!
  const written = typeof last[0] === 'string' && last.length === 1 ? when.exec(last[0])?.[1] : undefined
  if (written === undefined || !(separators === ':' || separators === '::')) return undefined
  const [before, after] = separators === ':' ? [[], sections[0]] : [sections[0], sections[1]]
  return [{ before, after, when: written }]
}
