import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assetPaths } from '../../src/shared/assetPaths.ts'
import type { TakenList } from '../../src/shared/calls/promptCalls.ts'
import type { ErrorRecord } from '../../src/shared/errors.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

async function open() {
  const folder = temporaryFolder()
  const studio = await openTestStudio(folder)
  const drop = async (name: string, body: string | Uint8Array<ArrayBuffer>) => {
    const request = new Request(`http://x${assetPaths.list(name)}`, { method: 'POST', body })
    return (await (await studio.assets(request)).json()) as TakenList & ErrorRecord
  }
  const offered = async (before: string) =>
    (await studio.calls.suggest({ before })).map(({ kind, text }) => `${kind} ${text}`)
  return { folder, studio, drop, offered }
}

it('a list of tags is kept under its name, once, beside another of that name, and is suggested until it is taken away', async () => {
  const { folder, studio, drop, offered } = await open()
  const tags = 'long_hair,0,400\nlong_sleeves,0,300\n'
  expect(await drop('booru.csv', tags)).toEqual({ kind: 'tags', name: 'booru', count: 2, isNew: true })
  expect(await offered('long')).toEqual(['tag long hair', 'tag long sleeves'])
  expect(await drop('booru.csv', tags)).toMatchObject({ name: 'booru', isNew: false })
  expect(await drop('booru.csv', 'longbow\n')).toMatchObject({ name: 'booru-2', count: 1, isNew: true })
  expect(readFileSync(join(folder, 'tags', 'booru.csv'), 'utf8')).toBe(tags)
  await studio.calls.removeList({ kind: 'tags', name: 'booru' })
  expect(await offered('long')).toEqual(['tag longbow'])
  await expect(studio.calls.removeList({ kind: 'tags', name: 'booru' })).rejects.toMatchObject({
    code: 'not-found',
  })
})

it('a text of choices becomes a wildcard by a name that can be written, and a list of styles can be chosen from', async () => {
  const { folder, studio, drop, offered } = await open()
  const wildcard = await drop('../my  big__animals (v2).txt', '# these\nfox\n\nowl\n')
  expect(wildcard).toEqual({ kind: 'wildcard', name: 'my-big_animals-v2-', count: 2, isNew: true })
  expect(await offered('a __my')).toEqual(['wildcard __my-big_animals-v2-__'])
  const job = await studio.calls.enqueue({ prompt: 'a __my-big_animals-v2-__', seed: 1 })
  expect(job.request.prompt).toMatch(/^a (?:fox|owl)$/)

  const styles = 'name,prompt,negative_prompt\nInk,"{prompt}, ink",\n'
  expect(await drop('my-styles.csv', styles)).toMatchObject({ kind: 'styles', count: 1, isNew: true })
  expect((await studio.calls.styles()).map(({ name }) => name)).toEqual(['Ink'])
  expect(await drop('styles.csv', `${styles}Oil,oil,\n`)).toMatchObject({
    code: 'bad-list',
    message: expect.stringContaining('There are styles already'),
  })
  await studio.calls.removeList({ kind: 'styles', name: 'styles' })
  expect(await studio.calls.styles()).toEqual([])
  expect(readdirSync(folder)).not.toContain('styles.csv')
})

it('what is no such list is refused with the reason, and no path leads elsewhere', async () => {
  const { folder, studio, drop } = await open()
  const reason = async (name: string, body: string | Uint8Array<ArrayBuffer>) =>
    (await drop(name, body)).message
  expect(await reason('x.csv', '\n\n')).toContain('no tags')
  expect(await reason('x.txt', '# nothing\n')).toContain('no lines')
  expect(await reason('x.pdf', 'fox')).toContain('.csv')
  expect(await reason('x.csv', new Uint8Array([0x89, 0, 0x81]))).toContain('no text')
  expect(await drop('x.csv', new Uint8Array(101 * 2 ** 20))).toEqual({
    code: 'bad-list',
    message: 'x.csv was not taken in: it is larger than 32 MiB. Divide it.',
  })
  for (const name of ['../x', 'a/b', '..'])
    await expect(studio.calls.removeList({ kind: 'styles', name })).rejects.toMatchObject({
      code: 'not-found',
    })
  expect(readdirSync(folder)).not.toContain('tags')
})
