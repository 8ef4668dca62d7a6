import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { keyLists } from '../../../scripts/golden/keys.ts'
import type { CaseResult, GoldenKind } from '../../../scripts/golden/kind.ts'
import { networks } from '../../../scripts/golden/networks.ts'
import { onnxFolders } from '../../../scripts/golden/onnxFolders.ts'

const golden = fileURLToPath(new URL('../../golden', import.meta.url))

async function run(kind: GoldenKind, pattern: string): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  for (const path of globSync(`${golden}/${pattern}`).sort()) {
    const file = { path, folder: dirname(path), json: JSON.parse(readFileSync(path, 'utf8')) }
    for await (const result of kind.run(file)) if ('pass' in result) results.push(result)
  }
  return results
}

const written = await run(networks, 'F_networks/*/*_reference.json')
const named = await run(keyLists, 'keys/*.json')
const exported = await run(onnxFolders, 'onnx/*_reference.json')

describe('tiny networks of every family', () => {
  it('are compared in both layouts', () => expect(written.length).toBe(16))

  it.each(written)('$name equals the reference', ({ maxAbs }) => expect(maxAbs).toBeLessThanOrEqual(1e-4))
})

describe('the names in a checkpoint', () => {
  it('are compared in every list', () => expect(named.length).toBe(18))

  it.each(named)('$name lead to exactly the places diffusers gives them', ({ note, maxAbs }) => {
    expect(note).toBe('')
    expect(maxAbs).toBe(0)
  })
})

describe('networks exported to ONNX by others', () => {
  it('are compared in full and half precision', () => expect(exported.length).toBe(9))

  it.each(exported)('$name equals the reference', ({ pass, maxAbs }) => {
    expect({ pass, maxAbs }).toEqual({ pass: true, maxAbs })
  })
})
