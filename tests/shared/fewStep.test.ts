import { expect, it } from 'vitest'
import { fewStepSampling } from '../../src/shared/models/fewStep.ts'

/** Names under which their authors publish them. */
it.each([
  ['lcm-lora-sdv1-5', 'LCM', 'LCM', 6, 1.5],
  ['sdxl_lightning_4step_lora', 'Lightning', 'Euler', 4, 1],
  ['sdxl_lightning_8step_lora', 'Lightning', 'Euler', 8, 1],
  ['Hyper-SDXL-4steps-lora', 'Hyper-SD', 'DDIM', 4, 1],
  ['Hyper-SD15-12steps-CFG-lora', 'Hyper-SD with guidance', 'DDIM', 12, 5],
  ['dmd2_sdxl_4step_lora_fp16', 'DMD2', 'LCM', 4, 1],
  ['TCD-SDXL-LoRA', 'TCD', 'TCD', 4, 1],
  ['sd_xl_turbo_lora_v1', 'Turbo', 'Euler a', 4, 1],
])('%s is run as its authors say', (name, method, sampler, steps, guidanceScale) => {
  expect(fewStepSampling(['style', name])).toMatchObject({ method, sampler, steps, guidanceScale })
})

it.each(['lightning bolts', 'hyperrealistic', 'turbo car', 'step by step 4 steps', 'calcmap'])(
  '%s is an ordinary LoRA',
  (name) => {
    expect(fewStepSampling([name])).toBeNull()
  },
)
