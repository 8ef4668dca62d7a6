import { compare, headerKind, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { readBank, toyNetwork, type Bank } from './toys.ts'

/** Kind B0: the toy networks themselves, at the spots where the file says what they give. */
export const toyNetworks: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('B0'),
  async *run(file: GoldenFile) {
    const bank = readBank(file.folder)
    for (const golden of file.json.toy_checks) yield await runCheck(golden, bank)
  },
}

async function runCheck(golden: any, bank: Bank): Promise<CaseResult> {
  const network = toyNetwork(bank, golden.model, golden.pred, golden.which === 'cond')
  const index = Number(/noise\[(\d+)\]/.exec(golden.x)?.[1])
  const output = await network(bank.noises[index], golden.t)
  return {
    name: `${golden.model} ${golden.pred} ${golden.which} t=${golden.t}`,
    kind: 'B0',
    ...compare(output.subarray(0, 8), golden.out_first8, { abs: 1e-6, rel: 1e-6 }),
    tolerance: '1e-6',
    note: '',
  }
}
