import { join } from 'node:path'
import { expect, it } from 'vitest'
import { foldedNumbers } from '../../../src/engine/graph/writing/folding.ts'
import { ditKinds } from '../../../src/engine/model/dit/ditKinds.ts'
import { readWeightFile } from '../../../src/engine/model/files/weightFile.ts'
import { joinTensors, placeTensors } from '../../../src/engine/model/files/weights.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { cpuDialect } from '../../../src/engine/model/networks/networks.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { golden } from '../model/comfyFolder.ts'

const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.3))

it.each([
  ['Q8_0.gguf', 1],
  ['Q4_0.gguf', 0.5],
])(
  '%s: weights that are multiplied in their blocks answer as those that are widened, and take less memory',
  async (form, bytes) => {
    for (const kind of ditKinds) {
      const file = await readWeightFile(
        join(golden, 'single_files', `${kind.family.name.replaceAll('-', '')}_${form}`),
      )
      const tensors = placeTensors(joinTensors([file]), kind.place).parts.transformer
      const transformer = kind.inferred(tensors)
      const dialects = [cpuDialect, { ...cpuDialect, blockProducts: true as const }]
      const answers: Float32Array[] = []
      const numbers: number[] = []
      for (const dialect of dialects) {
        const graph = graphOver(tensors, dialect)
        transformer.write(graph, { height: 4, width: 4, text: 32, references: [] })
        numbers.push(foldedNumbers(graph.written))
        const network = transformer.open(
          { height: 4, width: 4 },
          { device: 'cpu', dialect, tallies: newTallies() },
        )
        const text = wave(32 * transformer.textWidth)
        answers.push(await network.run(wave(16 * transformer.channels), 500, text, {}))
        await network.release()
      }
      answers[0].forEach((value, i) => expect(answers[1][i]).toBeCloseTo(value, 4))
      const sizes = tensors.keys.map((key) => tensors.source(key)!).filter(({ blocks }) => blocks)
      const inBlocks = sizes.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0)
      // A factor for each 32 of them.
      expect((numbers[0] - numbers[1]) / inBlocks).toBeCloseTo(1 - bytes / 4 - 1 / 32, 2)
    }
  },
)
