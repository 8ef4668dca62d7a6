import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sourceOf } from '../../../src/renderer/lab/training/sourceOf.ts'

const file = (path: string): string => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')

it('takes a function out of a source of Python, whole and without what follows', () => {
  const source =
    'def one(x):\n    if x:\n\n        return 1\n    return 2\n\n\ndef one_more(x):\n    return 3\n'
  expect(sourceOf(source, 'one')).toBe('def one(x):\n    if x:\n\n        return 1\n    return 2')
  expect(sourceOf(source, 'one_more')).toBe('def one_more(x):\n    return 3')
  expect(sourceOf(`class A:\n    def inside(self):\n        pass\n\n    x = 1\n`, 'inside')).toBe(
    'def inside(self):\n    pass',
  )
  expect(() => sourceOf(source, 'two')).toThrow('no function two')
})

it('shows of the two algorithms the lines that do what their formulas say', () => {
  const learning = sourceOf(file('training/ddpm.py'), 'loss_of')
  for (const line of ['torch.randint(STEPS', 'torch.randn_like(x_0)', 'epsilon - network(noisy('])
    expect(learning).toContain(line)
  expect(sourceOf(file('training/pixel_model.py'), 'take_step')).toMatch(
    /loss\.backward\(\)[^]*optimizer\.step\(\)/,
  )
  const drawing = sourceOf(file('training/ddpm.py'), 'sample')
  for (const line of ['for t, before in', 'network(x', 'torch.zeros_like(x)', 'return x'])
    expect(drawing).toContain(line)
  const studio = sourceOf(file('src/engine/samplers/ddpm.ts'), 'ddpm')
  expect(studio).toMatch(/^export const ddpm[^]*noise\(sigma, next\)[^]*\n}$/)
})
