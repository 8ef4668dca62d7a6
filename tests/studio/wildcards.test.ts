import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inEnglish } from '../../src/shared/notices.ts'
import { choosePrompt } from '../../src/studio/prompts/choosePrompt.ts'
import { findWildcards } from '../../src/studio/prompts/wildcards.ts'
import { temporaryFolder } from './fixtures/testStudio.ts'

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

  it('takes an option as often as its weight says', () => {
    const many = Array.from({ length: 4000 }, (_, seed) =>
      choosePrompt('{3::red|blue|0::grey}', seed, wildcards),
    )
    const share = many.filter((text) => text === 'red').length / many.length
    // Three of four, within four standard deviations.
    expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / many.length))
    expect(new Set(many)).toEqual(new Set(['red', 'blue']))
    expect(all('{0.5::a b|2.::c}')).toEqual(new Set(['a b', 'c']))
    expect(all('1::a {0::b|c}')).toEqual(new Set(['1::a c']))
  })

  it('takes as many different options as its count says', () => {
    const pairs = ['a, b', 'a, c', 'b, a', 'b, c', 'c, a', 'c, b']
    expect(all('{2$$a|b|c}')).toEqual(new Set(pairs))
    expect(all('{2$$ and $$a|b}')).toEqual(new Set(['a and b', 'b and a']))
    expect(all('{2$$|$$a|b}')).toEqual(new Set(['a|b', 'b|a']))
    expect(all('{1-2$$a|b}')).toEqual(new Set(['a', 'b', 'a, b', 'b, a']))
    expect(all('{0-1$$a|b}')).toEqual(new Set(['', 'a', 'b']))
    expect(all('{-2$$a|b}')).toEqual(new Set(['a', 'b', 'a, b', 'b, a']))
    expect(all('{2-$$a|b}')).toEqual(new Set(['a, b', 'b, a']))
    expect(all('{9$$a|b}')).toEqual(new Set(['a, b', 'b, a']))
    expect(all('{3$$__colour__}').size).toBe(6)
    expect(all('{2$${x|y}|5::z}')).toEqual(new Set(['x, z', 'y, z', 'z, x', 'z, y']))
    expect(all('{2$$a|b')).toEqual(new Set(['{2$$a|b']))
    expect(all('costs 2$$ {a}')).toEqual(new Set(['costs 2$$ {a}']))
  })

  it('chooses at random where the dialect would go in order', () => {
    expect(all('{@a|b}{~c|c} __@colour__')).toEqual(all('{a|b}{c|c} __colour__'))
  })
})

describe('wildcards', () => {
  function folderOf(files: Record<string, string | Buffer>): string {
    const folder = temporaryFolder()
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    return folder
  }
  const fill = async (folder: string, template: string) => {
    const { wildcards: found, ...rest } = await findWildcards(folder, [template])
    return { text: choosePrompt(template, 1, found), ...rest }
  }

  it('are found in files of a folder and folders below', async () => {
    const folder = folderOf({ 'animals/small cats.txt': '# comment\r\nlynx\r\n\r\n' })
    expect(await fill(folder, 'a __animals/small cats__')).toEqual({
      text: 'a lynx',
      unknown: [],
      empty: [],
      problems: [],
    })
    const none = await fill(join(folder, 'nothing'), 'a __cat__, __c_d__')
    expect(none).toEqual({ text: 'a __cat__, __c_d__', unknown: ['cat', 'c_d'], empty: [], problems: [] })
  })

  it.each([
    ['utf16', 'utf16', ['red'], 0],
    ['windows1252', 'windows1252', ['café', 'naïve'], 1],
    ['combining', 'रंग', ['X'], 0],
  ])('of a file with %s characters are read', async (fixture, name, wanted, complaints) => {
    const folder = temporaryFolder()
    const file = `wildcard_${name}.txt`
    copyFileSync(
      join(import.meta.dirname, 'fixtures', 'texts', `wildcard_${fixture}.txt`),
      join(folder, file),
    )
    const { wildcards: found, problems } = await findWildcards(folder, [`__wildcard_${name}__`])
    expect(found.get(`wildcard_${name}`)).toEqual(wanted)
    expect(problems).toHaveLength(complaints)
    if (complaints) expect(inEnglish(problems)).toContain(file)
  })

  it('are text in whatever encoding editors save, and other files are named', async () => {
    const utf16be = Buffer.from('\ufeffröd\n', 'utf16le').swap16()
    const folder = folderOf({
      'marked.txt': '\ufeffgrön\n',
      'big-endian.txt': utf16be,
      'unmarked.txt': Buffer.from('red\nblå', 'utf16le'),
      'picture.txt': Buffer.from([0x89, 0x50, 0, 0, 0, 1, 0, 0, 2, 3]),
      'odd.txt': Buffer.from([0x41, 0x81, 0x8d]),
    })
    expect((await fill(folder, '__marked__ __big-endian__ {2$$__unmarked__}')).text).toMatch(
      /^grön röd (red, blå|blå, red)$/,
    )
    const { text, empty, problems } = await fill(folder, '__picture__ __odd__')
    expect(text).toBe('__picture__ __odd__')
    expect(empty).toHaveLength(2)
    expect(inEnglish(problems)).toMatch(/picture\.txt was not read.*odd\.txt was not read/)
  })

  it('are read in UTF-32 with a mark, and nothing with zeros is', async () => {
    const utf32 = Buffer.from(
      Uint32Array.from([0xfeff, ...[...'röd 🦊\n'].map((c) => c.codePointAt(0)!)]).buffer,
    )
    const folder = folderOf({
      'little.txt': utf32,
      'big.txt': Buffer.from(utf32).swap32(),
      'cut.txt': utf32.subarray(0, -1),
      'zeros.txt': Buffer.from('\ufeffa\0b', 'utf16le'),
    })
    expect(await fill(folder, '__little__, __big__')).toEqual({
      text: 'röd 🦊, röd 🦊',
      unknown: [],
      empty: [],
      problems: [],
    })
    const { text, problems } = await fill(folder, '__cut__ __zeros__')
    expect(text).toBe('__cut__ __zeros__')
    expect(inEnglish(problems)).toMatch(/cut\.txt was not read.*zeros\.txt was not read/)
  })

  it('have names with dots, apostrophes, marks and capitals, whatever their case and composition', async () => {
    const folder = folderOf({
      "V1.5/Queen's Gown.txt": 'silk',
      'E\u0301te\u0301.txt': 'soleil',
      'हिन्दी.txt': 'rang',
    })
    expect((await fill(folder, "__v1.5/Queen's gown__ __été__ __हिन्दी__")).text).toBe('silk soleil rang')
  })

  it('are taken together where a star stands for parts of their names', async () => {
    const folder = folderOf({ 'col/warm.txt': 'red', 'col/cold.txt': 'blue', 'col/deep/dark.txt': 'black' })
    const lines = async (name: string) => (await findWildcards(folder, [`__${name}__`])).wildcards.get(name)
    expect(await lines('col/*')).toEqual(['blue', 'red'])
    expect(await lines('col/**')).toEqual(['blue', 'black', 'red'])
    expect(await lines('col/c*')).toEqual(['blue'])
  })

  it('are read with those that their lines ask for, and have weights', async () => {
    const folder = folderOf({ 'a.txt': '0::x\n1::__b__ and __gone__', 'b.txt': 'deep' })
    expect(await fill(folder, '__a__')).toMatchObject({ text: 'deep and __gone__', unknown: ['gone'] })
  })

  it('beside files that cannot be read, links in circles and words with underscores are found all the same', async () => {
    const folder = folderOf({ 'good.txt': 'yes', 'folder.txt/x.txt': 'no' })
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.txt')])
    symlinkSync(folder, join(folder, 'circle'))
    symlinkSync(join(folder, 'nowhere.txt'), join(folder, 'gone.txt'))
    const { text } = await fill(folder, 'snake__case and __good__, __gone__, __pipe__, __folder__')
    expect(text).toBe('snake__case and yes, __gone__, __pipe__, __folder__')
  })
})
