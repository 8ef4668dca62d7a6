import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { builtInModelsFolder, defaultEnginePath } from '../../src/studio/paths.ts'
import { hasEnded, openTestStudio, temporaryFolder, untilJob } from './fixtures/testStudio.ts'

it.each([
  [
    { _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'dpmsolver', final_sigmas_type: 'zero' },
    4,
    'unsupported-model',
    /algorithm_type "dpmsolver".*final_sigmas_type "zero"/,
  ],
  [{ _class_name: 'PNDMScheduler', skip_prk_steps: false }, 2, 'bad-request', /at least 4, found 2/],
])(
  'what the scheduler of a model cannot do is refused before a job is queued: %j',
  async (scheduler, steps, code, words) => {
    const folder = temporaryFolder()
    const model = join(folder, 'own')
    cpSync(join(builtInModelsFolder, 'starter'), model, { recursive: true })
    const path = join(model, 'scheduler', 'scheduler_config.json')
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    writeFileSync(path, JSON.stringify({ ...config, ...scheduler }))
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const request = { model: 'own', steps, device: 'cpu', width: 64, height: 64 } as const
    await expect(studio.calls.enqueue({ ...request, sampler: 'Model default' })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words) as string,
    })
    expect(await studio.calls.jobs()).toEqual([])
    // Samplers that are chosen by name do not ask it.
    const { id } = await studio.calls.enqueue({ ...request, sampler: 'Euler' })
    expect(await untilJob(studio, id, hasEnded)).toMatchObject({ state: 'done' })
  },
)
