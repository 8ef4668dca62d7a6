import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

/** A file that only its name and hash are asked of; longer than the part that the old hash reads. */
const content = Buffer.alloc(2 ** 20 + 2 ** 17, 7)
const sha256 = createHash('sha256').update(content).digest('hex')
const legacy = createHash('sha256')
  .update(content.subarray(2 ** 20, 2 ** 20 + 2 ** 16))
  .digest('hex')

async function studioWithModel() {
  const modelFolders = [temporaryFolder()]
  mkdirSync(join(modelFolders[0], 'deep'))
  writeFileSync(join(modelFolders[0], 'deep', 'Renamed.safetensors'), content)
  const studio = await openTestStudio()
  await studio.calls.changeSettings({ modelFolders })
  const { id } = (await studio.calls.models()).find(({ name }) => name === 'Renamed')!
  return { find: studio.calls.findModel, id }
}

describe('a model that another program names', () => {
  it('is found by the hash of its file, whatever it is called', async () => {
    const { find, id } = await studioWithModel()
    for (const hash of [sha256.slice(0, 10), sha256.slice(0, 10).toUpperCase(), sha256, legacy.slice(0, 8)])
      expect(await find({ name: 'another', hash }), hash).toEqual({ id, by: 'hash' })
  })

  it('is found by its name, without folder and ending', async () => {
    const { find, id } = await studioWithModel()
    for (const name of ['renamed', 'SD15\\Renamed.safetensors', 'deep/Renamed'])
      for (const hash of [null, '0123456789', 'blake3:ab'])
        expect(await find({ name, hash }), name).toEqual({ id, by: 'name' })
  })

  it('may not be here', async () => {
    const { find } = await studioWithModel()
    expect(await find({ name: 'gone', hash: '0123456789' })).toBeNull()
  })
})
