import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addToLog, endOfLog } from '../../src/studio/log.ts'
import { withoutHome, withoutPrompts } from '../../src/studio/privateText.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

it('the log tells of jobs and their failures without a prompt, and with them where that is allowed', async () => {
  const dataFolder = temporaryFolder()
  const studio = await openTestStudio(dataFolder)
  const log = (): string => readFileSync(join(dataFolder, 'logs', 'studio.log'), 'utf8')
  await runToEnd(studio, { prompt: 'my secret garden' })
  await runToEnd(studio, { prompt: 'secret oom' })
  expect(log()).toMatch(/job \S+ done after \d+ ms/)
  expect(log()).toMatch(/job \S+ failed after \d+ ms: out-of-memory /)
  expect(log()).not.toContain('secret')
  await studio.calls.changeSettings({ tellPrompts: true })
  await runToEnd(studio, { prompt: 'an open garden' })
  expect(log()).toContain('prompt="an open garden"')
  const report = await studio.calls.report()
  expect(report).toContain('out-of-memory')
  expect(report).toMatch(/^Latent Studio \d+\.\d+\.\d+, ONNX Runtime \d/)
  for (const words of ['secret', 'garden']) expect(report).not.toContain(words)
})

it('a message loses the prompt it holds, and what it quotes of it, and nothing else', () => {
  const requests = [{ prompt: 'a red house, [cat:dog', negativePrompt: 'blurry' }]
  expect(withoutPrompts('Cannot read "[cat:dog" in a red house, [cat:dog.', requests)).toBe(
    'Cannot read "…" in ….',
  )
  expect(withoutPrompts('a cathedral for a cat', [{ prompt: 'cat', negativePrompt: '' }])).toBe(
    'a cathedral for a …',
  )
  const signs = '-1, a/b \\ ^$.*+?()[]{}| <lora:ink-v2:0.8> &'
  expect(withoutPrompts(`No: ${signs}!`, [{ prompt: signs, negativePrompt: '' }])).toBe('No: …!')
  expect(withoutPrompts('blurry is no “sampler”', requests)).toBe('… is no “sampler”')
  expect(withoutPrompts('"starter" is not here', [{ prompt: '', negativePrompt: '' }])).toBe(
    '"starter" is not here',
  )
})

it('a text loses the folder of the person, however its path is written', () => {
  expect(withoutHome(`see ${homedir()}/models`)).toBe('see ~/models')
  expect(withoutHome('C:\\Users\\ada\\x and C:/Users/ada/y', 'C:\\Users\\ada')).toBe('~\\x and ~/y')
})

it('a log above a mebibyte is begun anew, and the two before are kept', () => {
  const file = join(temporaryFolder(), 'logs', 'studio.log')
  for (const name of ['first', 'second', 'third', 'fourth']) {
    addToLog(file, name)
    writeFileSync(file, `${readFileSync(file, 'utf8')}${'x'.repeat(2 ** 20)}\n`)
  }
  addToLog(file, 'now')
  expect(endOfLog(file, 5)).toHaveLength(1)
  expect(readFileSync(`${file}.1`, 'utf8')).toContain('fourth')
  expect(readFileSync(`${file}.2`, 'utf8')).toContain('third')
  expect(existsSync(`${file}.3`)).toBe(false)
})
