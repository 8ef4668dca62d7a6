import { expect, it } from 'vitest'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { useGrids } from '../../../src/renderer/stores/grids.ts'
import { useJobs } from '../../../src/renderer/stores/jobs.ts'
import { useLive } from '../../../src/renderer/stores/live.ts'
import { useModels } from '../../../src/renderer/stores/models.ts'
import { useStage } from '../../../src/renderer/stores/stage.ts'
import { useVerification } from '../../../src/renderer/stores/verification.ts'
import { runToEnd } from '../../studio/fixtures/testStudio.ts'
import { openStores, until } from './window.ts'

const axes = { x: { parameter: 'steps' as const, values: '1, 2' } }

it('of two grids that are opened the last one shows, and none once it was closed', async () => {
  const window = await openStores()
  const { calls } = window.studio
  await calls.pauseAll()
  const ids: string[] = []
  for (const prompt of ['one', 'two'])
    ids.push((await calls.makeGrid({ request: { prompt, steps: 1 }, ...axes, trialSteps: null })).id)
  const grids = useGrids()
  window.hold()
  const both = Promise.all([grids.open(ids[0]), grids.open(ids[1])])
  await window.untilAnswered(2)
  window.letGoBackwards()
  await both
  expect(grids.opened?.id).toBe(ids[1])
  window.hold()
  const again = grids.open(ids[0])
  await window.untilAnswered()
  grids.close()
  window.letGoBackwards()
  await again
  expect(grids.opened).toBeNull()
})

it('a draft that arrives once a job has begun is not shown, nor after it', async () => {
  const window = await openStores()
  const [form, live, models, jobs] = [useForm(), useLive(), useModels(), useJobs()]
  await until(() => models.usable.length > 0)
  form.chooseModel(models.usable[0].id)
  form.request = { ...form.request, prompt: 'a cat', steps: 1 }
  live.toggle()
  await until(() => live.draft !== null)
  window.hold()
  form.request = { ...form.request, prompt: 'a dog' }
  await window.untilAnswered()
  await window.studio.calls.enqueue({ prompt: 'endless', steps: 3 })
  await window.untilTold('jobChanged')
  window.letGoBackwards()
  await until(() => jobs.current !== null && !live.drawing)
  expect(live.draft).toBeNull()
})

it('the failure of what was asked for last lies on the canvas, until a picture is picked', async () => {
  const window = await openStores()
  const stage = useStage()
  const { imageIds } = await runToEnd(window.studio, { prompt: 'fine', steps: 1 })
  await until(() => stage.image !== null)
  stage.start(await window.studio.calls.enqueue({ prompt: 'nan', steps: 3 }))
  await until(() => stage.shown.kind === 'failed')
  stage.pick(await window.studio.calls.image(imageIds[0]))
  expect(stage.image?.id).toBe(imageIds[0])
})

it('a picture that becomes the same again is said to do so, and its double goes to the trash', async () => {
  const window = await openStores()
  const verification = useVerification()
  const { imageIds } = await runToEnd(window.studio, { prompt: 'fine', steps: 1 })
  await verification.verify(imageIds[0])
  const check = () => verification.checks.get(imageIds[0])
  await until(() => check()?.state === 'done')
  expect(check()).toMatchObject({ comparison: { pixels: { max: 0 } } })
  const { items } = await window.studio.calls.history({ trashed: true })
  expect(items.map(({ id }) => id)).toEqual([(check() as { again: string }).again])
})
