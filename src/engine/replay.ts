import type { Evaluation } from '../shared/engine/engineContract.ts'
import type { Model, Unet, UnetQuestion } from './model/model.ts'

/** What the U-Nets of one picture are asked and answer. */
export interface Evaluations {
  /** Gives each model of the picture U-Nets that answer from what is known first. */
  of(model: Model): Model
  /** How the weights were widened for the answers so far, as a request has it: `unetWidening`. */
  widening(): number[] | null
  /** Whether guidance's evaluations were made in one run, as a request has it: `guidanceTogether`. */
  together(): boolean | null
}

/**
 * U-Nets that answer what they answered before as long as there is something known, and compute from then on. `hear` is
 * told every new answer. All else in a picture follows from its request: with the answers so far, in their order, it goes
 * on where it was, whatever its sampler keeps of earlier steps. Where it is recorded how weights were widened, they are
 * again; `differs` hears once that they cannot be.
 */
export function replaying(
  known: readonly Evaluation[],
  recorded: readonly number[] | null,
  { hear, differs }: { hear(evaluation: Evaluation): void; differs(): void },
): Evaluations {
  const left = [...known]
  const made = countMade()
  let isTold = false

  function take(evaluation: Evaluation, isNew: boolean): Float32Array {
    made.add(evaluation)
    if (isNew) hear(evaluation)
    return evaluation.answer
  }

  async function ask(unet: Unet, asked: UnetQuestion, together: boolean | null): Promise<Evaluation> {
    const wanted = recorded && turnAt(recorded, made.evaluations())
    const widened = (await unet.widen?.(wanted)) ?? null
    if (widened !== null && wanted !== null && widened !== wanted && !isTold) {
      isTold = true
      differs()
    }
    return { answer: await unet.run(...asked), widened, together }
  }

  /** `isInPairs`: evaluations are wanted two by two, and the plan of memory decides whether in one run. */
  async function answering(openUnet: () => Promise<Unet>, isInPairs: boolean): Promise<Unet> {
    // A pass that is known to its end needs no network.
    let unet: Unet | null = left.length > 0 ? null : await openUnet()
    const open = async (): Promise<Unet> => (unet ??= await openUnet())
    const run = async (...asked: UnetQuestion): Promise<Float32Array> => {
      const before = left.shift()
      return take(before ?? (await ask(await open(), asked, isInPairs ? false : null)), !before)
    }
    const isTogether = left.length > 0 ? left[0].together === true : unet?.runBoth !== undefined
    if (!isTogether) return { run }
    return {
      run,
      async runBoth(first, second) {
        if (left.length > 1) return [take(left.shift()!, false), take(left.shift()!, false)]
        const { runBoth } = await open()
        // There was room for both when the first were made, and is none now.
        if (!runBoth) return [await run(...first), await run(...second)]
        const before = left.shift()
        const both = await runBoth(first, second)
        const [one, other] = both.map((answer): Evaluation => ({ answer, widened: null, together: true }))
        return [take(before ?? one, !before), take(other, true)]
      },
    }
  }

  return {
    of: (model) => ({
      ...model,
      openUnet: (use) => answering(() => model.openUnet(use), use.inPairs === true),
    }),
    widening: made.widening,
    together: made.together,
  }
}

/** Counts how answers were made. */
function countMade() {
  const turns: number[] = [0]
  let hasForms = false
  let areTogether: boolean | null = null
  return {
    add({ widened, together }: Evaluation): void {
      if (together !== null) areTogether = together
      hasForms ||= widened !== null
      const wereWidened = turns.length % 2 === 0
      // A network without two forms counts with what was before it.
      if (widened !== null && widened !== wereWidened) turns.push(0)
      turns[turns.length - 1]++
    },
    evaluations: () => turns.reduce((sum, evaluations) => sum + evaluations, 0),
    widening: () => (hasForms ? turns : null),
    together: () => areTogether,
  }
}

/** Whether the weights had been widened for an evaluation, counted from 0; null behind the last that was recorded. */
function turnAt(recorded: readonly number[], evaluation: number): boolean | null {
  let end = 0
  const turn = recorded.findIndex((evaluations) => evaluation < (end += evaluations))
  return turn < 0 ? null : turn % 2 === 1
}
