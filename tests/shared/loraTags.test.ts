import { describe, expect, it } from 'vitest'
import { readBlockWeights } from '../../src/shared/prompt/blockWeights.ts'
import { loraTags, printLoraTag } from '../../src/shared/prompt/loraTags.ts'

const plain = { blocks: null, unknown: [], badStrength: null }

describe('LoRA tags', () => {
  it.each([
    ['<lora:cats>', 'cats', 1, 1],
    ['<lora:cats:0.8>', 'cats', 0.8, 0.8],
    ['<lora:cats:0.5:0.9>', 'cats', 0.5, 0.9],
    ['<lora:cats:te=0.5:unet=0.9>', 'cats', 0.5, 0.9],
    ['<lora:cats:te=0.5>', 'cats', 0.5, 0.5],
    ['<lora:cats:0.5:unet=0>', 'cats', 0.5, 0],
    ['<lora:cats:unet=0.3>', 'cats', 1, 0.3],
    ['<lora:my style v1.2:-1e0>', 'my style v1.2', -1, -1],
    ['<lyco:cats:0.8>', 'cats', 0.8, 0.8],
  ])('%s is %s at %d in the text encoders and %d in the U-Net', (written, name, text, unet) => {
    expect(loraTags(`a ${written} b`)).toEqual([{ written, name, text, unet, ...plain }])
  })

  it('are read in their order, twice where they stand twice, and not in comments', () => {
    const prompt = '<lora:a:1> <hypernet:h:1> <lora:b:1>\n# <lora:c:1>\n<LoRA:a:0.5>'
    expect(loraTags(prompt).map(({ name, unet }) => [name, unet])).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 0.5],
    ])
  })

  it.each(['abc', 'nan', 'Infinity', '10.5', '-11', ''])('a strength %j is kept as bad', (strength) => {
    expect(loraTags(`<lora:a:${strength}>`)[0].badStrength).toBe(strength)
    expect(loraTags(`<lora:a:1:${strength}>`)[0].badStrength).toBe(strength)
  })

  it('name the parts that mean nothing here', () => {
    const unknown = (tag: string) => loraTags(tag)[0].unknown
    expect(unknown('<lora:a:1:1:8>')).toEqual(['dyn=8'])
    expect(unknown('<lora:a:1:dyn=8:start=3:lbwe=X>')).toEqual(['dyn=8', 'start=3', 'lbwe=X'])
    expect(unknown('<lora:a:1:lbw=MYOWN>')).toEqual(['lbw=MYOWN'])
  })

  it('have block weights by lbw=, or behind the strength as they once were written', () => {
    const outall = readBlockWeights('OUTALL')
    expect(loraTags('<lora:a:0.7:lbw=OUTALL>')[0]).toMatchObject({ text: 0.7, unet: 0.7, blocks: outall })
    expect(loraTags('<lora:a:0.7:OUTALL>')[0]).toMatchObject({ text: 0.7, unet: 0.7, blocks: outall })
    expect(loraTags('<lora:a:0.7:0.5>')[0]).toMatchObject({ text: 0.7, unet: 0.5, blocks: null })
  })

  it('are written so that they are read again as they were', () => {
    for (const tag of [
      '<lora:a:0.8>',
      '<lora:a b:1:-0.5>',
      '<lora:a:1:lbw=INS>',
      '<lora:a:0:1:lbw=0,0,0,0,1,0,0,0,0,0,0,0>',
    ]) {
      const [read] = loraTags(tag)
      expect(loraTags(printLoraTag(read))[0]).toEqual({ ...read, written: expect.any(String) as string })
    }
    expect(printLoraTag({ name: 'a', text: 0.8, unet: 0.8, blocks: null })).toBe('<lora:a:0.8>')
  })

  it('are read in no time, however long and odd the prompt', () => {
    const before = process.threadCpuUsage()
    for (const part of ['<', '<lora:', '<lora:a:', '#<lora:a', '<lora:a:1,', '>'])
      loraTags(`${part.repeat(Math.floor(20_000 / part.length))}>`)
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000)
  })
})

describe('block weights', () => {
  /** Of BASE, IN00 to IN11, M00, OUT00 to OUT11. */
  const places = (text: string) =>
    readBlockWeights(text)!.flatMap((weight, index) => (weight === 0 ? [] : [index]))

  it('of 17 numbers are for the blocks with attention of SD 1 and 2, of 12 for those of SDXL', () => {
    expect(places(Array(17).fill(1).join())).toEqual([
      0, 2, 3, 5, 6, 8, 9, 13, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    ])
    expect(places(Array(12).fill(1).join())).toEqual([0, 5, 6, 8, 9, 13, 14, 15, 16, 17, 18, 19])
    expect(places(Array(20).fill(1).join())).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
    ])
  })

  it('of 26 numbers are taken as they are', () => {
    const list = Array.from({ length: 26 }, (_, index) => index / 10 - 1)
    expect(readBlockWeights(list.join(', '))).toEqual(list)
  })

  it('have the names of the presets', () => {
    expect(places('MIDD')).toEqual([0, 6, 8, 9, 13, 17, 18, 19, 20])
    expect(new Set(readBlockWeights('ALL0.5'))).toEqual(new Set([0, 0.5]))
  })

  it.each([
    '',
    'NONESUCH',
    '1',
    '1,2,3',
    `${'1,'.repeat(16)}x`,
    `${'1,'.repeat(16)}`,
    `${'1,'.repeat(16)}R`,
    'constructor',
  ])('are none in %j', (text) => expect(readBlockWeights(text)).toBeNull())
})
