import fc from 'fast-check'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { choosePrompt, readWildcards } from '../../src/studio/wildcards.ts'

const wildcards = new Map([
  ['colour', ['red', 'green', 'blue']],
  ['thing', ['a __colour__ {house|tree}']],
  ['circle', ['__circle__']],
  ['flood', ['__flood2__'.repeat(50)]],
  ['flood2', ['x'.repeat(1000)]],
])
const seeds = Array.from({ length: 200 }, (_, seed) => seed)
const all = (template: string) => new Set(seeds.map((seed) => choosePrompt(template, seed, wildcards)))

describe('a prompt with choices', () => {
  it('takes every option for some seed, and always the same for the same seed', () => {
    expect(all('{a|b|}!')).toEqual(new Set(['a!', 'b!', '!']))
    expect(all('__colour__')).toEqual(new Set(['red', 'green', 'blue']))
    for (const seed of seeds)
      expect(choosePrompt('{a|b} __thing__', seed, wildcards)).toBe(
        choosePrompt('{a|b} __thing__', seed, wildcards),
      )
    expect(choosePrompt('{a|b} __thing__', '18446744073709551615', wildcards)).toMatch(
      /^[ab] a (red|green|blue) (house|tree)$/,
    )
  })

  it('chooses anew at every place and inside what was chosen', () => {
    expect(all('{a|b}{a|b}')).toEqual(new Set(['aa', 'ab', 'ba', 'bb']))
    expect(all('{a {1|2}|b}')).toEqual(new Set(['a 1', 'a 2', 'b']))
    expect(all('__thing__').size).toBe(6)
  })

  it('leaves what is no choice as it is', () => {
    for (const text of [
      '{best quality}',
      'a | b',
      '[a|b]',
      '__unknown__',
      'snake__case',
      '{a|b',
      '}',
      '__',
      '(x:1.2)',
      '{{x}}',
    ])
      expect(choosePrompt(text, 1, wildcards)).toBe(text)
    expect(choosePrompt('\\{a\\|b\\}', 1, wildcards)).toBe('\\{a\\|b\\}')
  })

  it('that leads to itself or grows too long is refused with a reason', () => {
    expect(() => choosePrompt('__circle__', 1, wildcards)).toThrow('leads to itself')
    expect(() => choosePrompt('__flood__', 1, wildcards)).toThrow('more than 20000 characters')
  })

  it('is chosen from without error whatever its braces', () => {
    const syntax = fc.array(fc.constantFrom('{', '|', '}', 'a', '__colour__', '__', '\\'), { maxLength: 30 })
    fc.assert(
      fc.property(syntax, fc.nat(), (parts, seed) => void choosePrompt(parts.join(''), seed, wildcards)),
    )
  })

  it('of thousands of braces is read in no time', () => {
    const before = process.threadCpuUsage()
    for (const part of ['{', '}', '|', '{|', '__a', '__a_', '_', '{a}'])
      choosePrompt(part.repeat(20_000 / part.length), 1, wildcards)
    choosePrompt('{'.repeat(9999) + '}'.repeat(9999), 1, wildcards)
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(500)
  })

  it('finds its wildcards in files of a folder and folders below', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wildcards-'))
    await mkdir(join(folder, 'animals'))
    await writeFile(join(folder, 'animals', 'small cats.txt'), '# comment\r\nlynx\r\n\r\n')
    expect(choosePrompt('a __animals/small cats__', 1, await readWildcards(folder))).toBe('a lynx')
    await rm(folder, { recursive: true })
    expect(await readWildcards(folder)).toEqual(new Map())
  })
})
