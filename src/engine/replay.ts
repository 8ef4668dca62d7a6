import type { Evaluation } from '../shared/engine/engineContract.ts'
import type { Model, Unet } from './model/model.ts'

/** What the U-Nets of one picture are asked and answer. */
export interface Evaluations {
  /** Gives each model of the picture U-Nets that answer from what is known first. */
  of(model: Model): Model
  /** How the weights were widened for the answers so far, as a request has it: `unetWidening`. */
  widening(): number[] | null
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
  const turns: number[] = [0]
  let isTold = false
  let hasForms = false

  function count(widened: boolean | null): void {
    hasForms ||= widened !== null
    const wereWidened = turns.length % 2 === 0
    // A network without two forms counts with what was before it.
    if (widened !== null && widened !== wereWidened) turns.push(0)
    turns[turns.length - 1]++
  }

  async function ask(unet: Unet, asked: Parameters<Unet['run']>): Promise<Evaluation> {
    const wanted =
      recorded &&
      turnAt(
        recorded,
        turns.reduce((sum, evaluations) => sum + evaluations, 0),
      )
    const widened = (await unet.widen?.(wanted)) ?? null
    if (widened !== null && wanted !== null && widened !== wanted && !isTold) {
      isTold = true
      differs()
    }
    return { answer: await unet.run(...asked), widened }
  }

  return {
    of: (model) => ({
      ...model,
      async openUnet(...size) {
        // A pass that is known to its end needs no network.
        let unet: Unet | null = left.length > 0 ? null : await model.openUnet(...size)
        return {
          async run(...asked) {
            const before = left.shift()
            const evaluation = before ?? (await ask((unet ??= await model.openUnet(...size)), asked))
            count(evaluation.widened)
            if (!before) hear(evaluation)
            return evaluation.answer
          },
        }
      },
    }),
    widening: () => (hasForms ? turns : null),
  }
}

/** Whether the weights had been widened for an evaluation, counted from 0; null behind the last that was recorded. */
function turnAt(recorded: readonly number[], evaluation: number): boolean | null {
  let end = 0
  const turn = recorded.findIndex((evaluations) => evaluation < (end += evaluations))
  return turn < 0 ? null : turn % 2 === 1
}
