import { expect, it } from 'vitest'
import { branchFrom } from '../../../src/shared/request/legs.ts'
import type { ImageRecord } from '../../../src/shared/library/history.ts'
import type { BranchChange } from '../../../src/shared/request/branch.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../../src/shared/request/request.ts'
import { changesOf } from '../../../src/renderer/composables/words/branchWords.ts'
import { familyTree } from '../../../src/renderer/lab/steps/family.ts'
import { guidancePlane } from '../../../src/renderer/lab/maths/guidancePlane.ts'

const model = { id: 'starter', name: 'starter', hash: 'abc' }
const image = (id: string, request: ResolvedRequest): ImageRecord =>
  ({ id, request, model, trashedAt: null }) as unknown as ImageRecord
const root = image('root', {
  ...generationRequestSchema.parse({ prompt: 'a fox' }),
  ...{ seed: 1, width: 64, height: 64 },
})
const branch = (id: string, of: ImageRecord, at: number, change: BranchChange): ImageRecord =>
  image(id, branchFrom(of, at, change))

it('a family is a list in which every picture is followed by its branches, the earliest first', () => {
  const late = branch('late', root, 9, { guidanceScale: 7 })
  const early = branch('early', root, 3, { prompt: 'a dog' })
  const child = branch('child', early, 5, { laterSeed: 4 })
  const lines = (images: ImageRecord[]): unknown =>
    familyTree(images).map(({ image: { id }, parent, depth, at }) => [id, parent, depth, at])
  expect(lines([root, late, early, child])).toEqual([
    ['root', null, 0, 0],
    ['early', 0, 1, 3],
    ['child', 1, 2, 5],
    ['late', 0, 1, 9],
  ])
  // Of a parent that is deleted its branches are left.
  expect(lines([late, child])).toEqual([
    ['late', null, 0, 9],
    ['child', null, 0, 5],
  ])
})

it('what a branch changed is told against what was before it', () => {
  const child = branch('child', root, 3, { prompt: 'a dog', guidanceScale: root.request.guidanceScale })
  expect(changesOf(child)).toEqual([{ field: 'prompt', from: 'a fox', to: 'a dog' }])
  expect(changesOf(branch('grandchild', child, 5, { laterSeed: 4 }))).toEqual([
    { field: 'laterSeed', from: '', to: 4 },
  ])
  // A number stays one, so that each language writes it with its own mark.
  expect(changesOf(branch('other', root, 3, { guidanceScale: 4.5 }))).toEqual([
    { field: 'guidanceScale', from: root.request.guidanceScale, to: 4.5 },
  ])
  expect(changesOf(root)).toEqual([])
})

it('guidance lies on the line through both guesses, as far as its scale says', () => {
  const unconditional = Float32Array.of(1, 0, 2, -1)
  const conditional = Float32Array.of(2, 1, 2, -3)
  const guided = unconditional.map((value, i) => value + 4 * (conditional[i] - value))
  const towards = Float32Array.of(0, 3, 1, 1)
  const [c, g, end] = guidancePlane({ unconditional, conditional, towards }, [conditional, guided, towards])
  const length = Math.sqrt((1 + 1 + 4) / 4)
  expect(c.x).toBeCloseTo(length, 6)
  expect(g.x).toBeCloseTo(4 * length, 6)
  expect([c.y, g.y].map((y) => Math.abs(y) < 1e-6)).toEqual([true, true])
  expect(Math.hypot(end.x, end.y)).toBeCloseTo(Math.sqrt((1 + 9 + 1 + 4) / 4), 6)
})
