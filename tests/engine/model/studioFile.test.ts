import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStudioFile } from '../../../src/engine/model/sources/studioFile.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-file-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(content: string | Uint8Array) {
  const path = join(folder, 'model.studio.json')
  await writeFile(path, content)
  return readStudioFile(path)
}

const expected = { vae: 'v, ].safetensors', clipSkip: 2 }

describe('NAME.studio.json, as people write it', () => {
  it.each<[string, string | Uint8Array]>([
    ['plainly', '{"vae": "v, ].safetensors", "clipSkip": 2}'],
    ['with a byte order mark', '\ufeff{"vae": "v, ].safetensors", "clipSkip": 2}'],
    ['with a comma after the last entry', '{"vae": "v, ].safetensors",\r\n "clipSkip": 2,\r\n}\r\n'],
    ['in UTF-16 with a mark', Buffer.from('\ufeff{"vae": "v, ].safetensors", "clipSkip": 2}', 'utf16le')],
    [
      'in big-endian UTF-16 with a mark',
      Buffer.from('\ufeff{"vae": "v, ].safetensors", "clipSkip": 2}', 'utf16le').swap16(),
    ],
  ])('is read %s', async (_, content) => {
    expect(await read(content)).toEqual(expected)
  })

  it('is read with commas after the last entries of lists and tables inside', async () => {
    expect(await read('{"examplePrompts": ["a, b", ], "configs": {"unet": {"x": [1,2,],},},}')).toEqual({
      examplePrompts: ['a, b'],
      configs: { unet: { x: [1, 2] } },
    })
  })

  it('is there or not', async () => {
    expect(await readStudioFile(join(folder, 'none.studio.json'))).toEqual({})
  })
})

describe('what is wrong in it is said to whoever wrote it', () => {
  it.each([
    ['a missing comma', '{\n"clipSkip": 2\n"vae": "v"}', /line 3, column 1.*missing comma/],
    ['a comment', '{ // mine\n"clipSkip": 2}', /line 1, column 3.*comments are not allowed/],
    ['curly quotation marks', '{“clipSkip”: 2}', /line 1, column 2.*straight quotation mark/],
    ['an end that is missing', '{"clipSkip": 2', /missing comma, colon, bracket/],
    ['nothing at all', '', /not valid JSON at its end/],
    ['a misspelt key', '{"clipskpi": 2}', /"clipskpi"; did you mean "clipSkip"\?.*zeroTerminalSnr/],
    ['a key in other letters', '{"prediction_type": "epsilon"}', /did you mean "predictionType"/],
    ['two misspelt keys', '{"vea": "v", "scalingfactor": 1}', /"vae"\?.*"scalingFactor"\?/],
    [
      'a misspelt network',
      '{"configs": {"textencoder": {}}}',
      /did you mean "text_encoder"\?.*below configs/,
    ],
    ['a value out of range', '{"clipSkip": 99}', /clipSkip: .*12/],
    ['a list', '[1]', /expected object/],
  ])('%s', async (_, content, words) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringMatching(words) as string,
    })
    await expect(read(content)).rejects.toThrow('model.studio.json')
  })
})
