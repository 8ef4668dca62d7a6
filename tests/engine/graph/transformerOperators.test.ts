import { join } from 'node:path'
import { expect, it } from 'vitest'
import { operationsOf } from '../../../src/engine/graph/writing/folding.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { ditKinds } from '../../../src/engine/model/dit/ditKinds.ts'
import { readWeightFile } from '../../../src/engine/model/files/weightFile.ts'
import { joinTensors, placeTensors } from '../../../src/engine/model/files/weights.ts'
import { graphOver } from '../../../src/engine/model/networks/graphOver.ts'
import { golden } from '../model/comfyFolder.ts'

/** Operators of which ONNX Runtime 1.30 has kernels in its CPU provider and in the one for WebGPU, in single and half precision. */
const everywhere = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Sigmoid', 'Tanh', 'Softmax', 'Gemm', 'MatMul'],
  ...['Cast', 'Concat', 'Identity', 'Reshape', 'Slice', 'Transpose'],
  ...['LayerNormalization', 'SimplifiedLayerNormalization', 'MultiHeadAttention', 'RotaryEmbedding'],
]

const dialects: Dialect[] = (['fused', 'sliced'] as const).flatMap((attention) =>
  (['float32', 'float16'] as const).map((precision) => ({ attention, precision })),
)

it.each(['bf16.safetensors', 'fp8_scaled.safetensors', 'Q8_0.gguf', 'Q4_0.gguf'])(
  '%s: transformers are written in operators that every provider has, whatever form their weights are in',
  async (form) => {
    for (const kind of ditKinds) {
      const file = await readWeightFile(
        join(golden, 'single_files', `${kind.family.name.replaceAll('-', '')}_${form}`),
      )
      const tensors = placeTensors(joinTensors([file]), kind.place).parts.transformer
      const references = kind.family.readsReferences ? [{ height: 4, width: 2 }] : []
      for (const dialect of dialects) {
        const graph = graphOver(tensors, dialect)
        kind.inferred(tensors).write(graph, { height: 4, width: 4, text: 32, references })
        // What follows from weights alone is folded on the CPU while the graph is opened.
        const used = new Set(operationsOf(graph.written).map(({ operator }) => operator))
        expect([...used].filter((operator) => !everywhere.includes(operator))).toEqual([])
      }
    }
  },
)
