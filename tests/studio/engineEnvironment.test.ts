import { afterEach, describe, expect, it, vi } from 'vitest'
import { engineEnvironment } from '../../src/studio/engine/engineProcess.ts'

afterEach(() => void vi.unstubAllEnvs())

describe.runIf(process.platform === 'linux')('the environment of the engine', () => {
  it.each([
    [undefined, 'glibc.malloc.hugetlb=1'],
    ['glibc.malloc.arena_max=2', 'glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1'],
    ['glibc.malloc.hugetlb=0:glibc.malloc.perturb=1', 'glibc.malloc.hugetlb=0:glibc.malloc.perturb=1'],
  ])('asks for huge pages and keeps what else is tuned: %s', (given, expected) => {
    vi.stubEnv('GLIBC_TUNABLES', given)
    expect(engineEnvironment()['GLIBC_TUNABLES']).toBe(expected)
  })
})
