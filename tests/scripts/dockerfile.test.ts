import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/build.ts'
import { serve } from '../../src/cli/serve.ts'

// Docker is not where the tests run; what the file names is.
describe('the Dockerfile', () => {
  const text = readFileSync(path.join(root, 'Dockerfile'), 'utf8')
  const ignored = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n').filter(Boolean)

  it('copies what is there, and what is built', () => {
    const sources = [...text.matchAll(/^COPY (?:--from=build )?(.+) \S+$/gm)].flatMap(([, given]) =>
      given.split(' '),
    )
    const places = sources.map((source) => source.replace('/studio/', ''))
    expect(places).toContain('src')
    const made = ['node_modules', 'out']
    expect(places.filter((place) => !made.includes(place) && !existsSync(path.join(root, place)))).toEqual([])
    expect(places.filter((place) => !made.includes(place) && ignored.includes(place))).toEqual([])
  })

  it('starts the server with options it has', () => {
    const [program, start] = ['ENTRYPOINT', 'CMD'].map(
      (word) => JSON.parse(new RegExp(`^${word} (.+)$`, 'm').exec(text)![1]) as string[],
    )
    expect(existsSync(path.join(root, program.at(-1)!))).toBe(true)
    const names = start.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
    expect(start[0]).toBe(serve.name)
    expect(names.every((name) => Object.hasOwn(serve.options, name))).toBe(true)
    expect(names).toContain('listen')
  })
})
