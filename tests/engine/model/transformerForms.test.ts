import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ditKinds } from '../../../src/engine/model/dit/ditKinds.ts'
import { readWeightFile } from '../../../src/engine/model/files/weightFile.ts'
import { joinTensors, placeTensors } from '../../../src/engine/model/files/weights.ts'
import { zeroInput } from '../../../src/engine/graph/writing/value.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'

const files = fileURLToPath(new URL('../../golden/dit/single_files', import.meta.url))

const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.3))

it.each(['bf16.safetensors', 'fp8_scaled.safetensors', 'Q8_0.gguf', 'Q4_0.gguf'])(
  '%s: weights that stay in the file answer as those that were widened at opening',
  async (form) => {
    for (const kind of ditKinds) {
      const file = await readWeightFile(join(files, `${kind.family.name.replaceAll('-', '')}_${form}`))
      const tensors = placeTensors(joinTensors([file]), kind.place).parts.transformer
      const transformer = kind.inferred(tensors)
      const answers: Float32Array[] = []
      for (const dialect of [cpuDialect, { ...cpuDialect, widening: 'in the run' as const }]) {
        const network = transformer.open(
          { height: 4, width: 4 },
          { device: 'cpu', dialect, tallies: newTallies() },
        )
        const text = wave(32 * transformer.textWidth)
        answers.push(await network.run(wave(16 * transformer.channels), 500, text, {}))
        await network.release()
      }
      answers[0].forEach((value, i) => expect(answers[1][i]).toBeCloseTo(value, 4))
    }
  },
)

it('no weight that stays in the file is widened before its layer is reached', async () => {
  for (const kind of ditKinds) {
    const file = await readWeightFile(join(files, `${kind.family.name.replaceAll('-', '')}_Q8_0.gguf`))
    const tensors = placeTensors(joinTensors([file]), kind.place).parts.transformer
    const graph = graphOver(tensors, { ...cpuDialect, widening: 'in the run' })
    kind.inferred(tensors).write(graph, { height: 2, width: 2, text: 32, references: [] })
    // What depends on this input alone may be computed first, and all of it at once: of the first layer there is no other.
    const waiting = graph.written.nodes.filter(({ inputs }) => inputs.includes(zeroInput))
    expect(waiting.length).toBeLessThanOrEqual(1)
    expect(graph.written.nodes.filter(({ operator }) => operator === 'ArgMax').length).toBeGreaterThan(5)
  }
})
