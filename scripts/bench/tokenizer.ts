import { readFile } from 'node:fs/promises'
import { openTokenizer } from '../../src/engine/text/tokenizer.ts'
import { standardTokenizerFiles } from '../../src/engine/text/tokenizerFiles.ts'
import { median, row } from './report.ts'

/** Short prompts a second through CLIP's vocabulary: words never met before, and words met once. */
const golden = JSON.parse(
  await readFile(new URL('../../tests/golden/C_tokenizer.json', import.meta.url), 'utf8'),
) as { cases: { prompt: string }[] }
const prompts = golden.cases.map(({ prompt }) => prompt).filter(({ length }) => length > 0 && length <= 80)
const files = await standardTokenizerFiles()

const rounds = 25
const first: number[] = []
const again: number[] = []
for (let round = 0; round < rounds; round++) {
  const tokenizer = openTokenizer(files)
  for (const rates of [first, again]) {
    const began = performance.now()
    for (const prompt of prompts) tokenizer.encode(prompt)
    rates.push(prompts.length / ((performance.now() - began) / 1000))
  }
}
const rate = (rates: readonly number[]): string => Math.round(median(rates)).toLocaleString('en')
console.log(`tokenizer, ${prompts.length} short prompts in many languages, median of ${rounds} rounds`)
row('prompts a second, words never met before', rate(first))
row('prompts a second, words met once', `${rate(again)} (target at least 20,000)`)
