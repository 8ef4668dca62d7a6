import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newestTime } from '../../scripts/build.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-build-'))
  mkdirSync(path.join(folder, 'src', 'deep'), { recursive: true })
  writeFileSync(path.join(folder, 'src', 'deep', 'one.ts'), '')
  for (const name of ['src/deep/one.ts', 'src/deep', 'src']) touch(name, 1000)
})

afterEach(() => rmSync(folder, { recursive: true }))

const touch = (name: string, seconds: number): void => utimesSync(path.join(folder, name), seconds, seconds)

test('the newest time is that of the newest file, however deep it lies', () => {
  touch('src/deep/one.ts', 2000)
  expect(newestTime(folder, ['src'])).toBe(2_000_000)
})

test('a file that was removed makes its folder newer', () => {
  rmSync(path.join(folder, 'src', 'deep', 'one.ts'))
  expect(newestTime(folder, ['src'])).toBeGreaterThan(1_000_000)
})

test('what is not there has no time', () => {
  expect(newestTime(folder, ['nothing'])).toBe(0)
})
