import type { Model, Unet } from './model/model.ts'

/**
 * U-Nets that answer what they answered before as long as there is something known, and compute from then on: each model
 * of a picture is given to what this answers. `hear` is told every new answer. All else in a picture follows from its request:
 * with the answers so far, in their order, it goes on where it was, whatever its sampler keeps of earlier steps.
 */
export function replaying(
  known: readonly Float32Array[],
  hear: (answer: Float32Array) => void,
): (model: Model) => Model {
  const left = [...known]
  return (model) => ({
    ...model,
    async openUnet(...size) {
      // A pass that is known to its end needs no network.
      let unet: Unet | null = left.length > 0 ? null : await model.openUnet(...size)
      return {
        async run(...asked) {
          const before = left.shift()
          if (before) return before
          unet ??= await model.openUnet(...size)
          const answer = await unet.run(...asked)
          hear(answer)
          return answer
        },
      }
    },
  })
}
