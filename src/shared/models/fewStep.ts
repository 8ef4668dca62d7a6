import type { SamplerName, ScheduleName } from './samplers.ts'

/**
 * LoRAs that make a model paint in a few steps, and what their authors say to run them with. They are told by name: by
 * their files', their folders' (many are called pytorch_lora_weights) and by what training programs wrote beside the
 * tensors.
 */
export interface FewStepSampling {
  /** The name of the method. */
  method: string
  sampler: SamplerName
  schedule: ScheduleName
  steps: number
  guidanceScale: number
}

interface FewStepMethod extends FewStepSampling {
  pattern: RegExp
}

/** The first that fits counts. `steps` is for names that do not say theirs. */
const fewStepMethods: readonly FewStepMethod[] = [
  {
    // ByteDance/Hyper-SD: DDIM with trailing timesteps; those with "CFG" in their name keep guidance of 5 to 8.
    method: 'Hyper-SD with guidance',
    pattern: /\bhyper ?(sd|sdxl|sd15)\b.*\bcfg\b/,
    sampler: 'DDIM',
    schedule: 'SGM Uniform',
    steps: 8,
    guidanceScale: 5,
  },
  {
    method: 'Hyper-SD',
    pattern: /\bhyper ?(sd|sdxl|sd15)\b/,
    sampler: 'DDIM',
    schedule: 'SGM Uniform',
    steps: 8,
    guidanceScale: 1,
  },
  {
    // ByteDance/SDXL-Lightning: Euler with trailing timesteps, no guidance, the LoRA of the number of steps.
    method: 'Lightning',
    // Not any picture of lightning.
    pattern: /\b(sd ?xl|sd15) lightning\b|\blightning\b.*\d ?steps?\b/,
    sampler: 'Euler',
    schedule: 'SGM Uniform',
    steps: 4,
    guidanceScale: 1,
  },
  {
    // tianweiy/DMD2: timesteps 999, 749, 499, 249 of the LCM scheduler, no guidance.
    method: 'DMD2',
    pattern: /\bdmd ?2?\b/,
    sampler: 'LCM',
    schedule: 'SGM Uniform',
    steps: 4,
    guidanceScale: 1,
  },
  {
    // h1t/TCD-SD15-LoRA, TCD-SDXL-LoRA.
    method: 'TCD',
    pattern: /\btcd\b/,
    sampler: 'TCD',
    schedule: 'SGM Uniform',
    steps: 4,
    guidanceScale: 1,
  },
  {
    // latent-consistency/lcm-lora-*: 2 to 8 steps, guidance 1 to 2.
    method: 'LCM',
    pattern: /\blcm\b/,
    sampler: 'LCM',
    schedule: 'SGM Uniform',
    steps: 6,
    guidanceScale: 1.5,
  },
  {
    // stabilityai/sdxl-turbo and LoRAs taken out of it.
    method: 'Turbo',
    pattern: /\b(sd ?xl|sd) turbo\b/,
    sampler: 'Euler a',
    schedule: 'SGM Uniform',
    steps: 4,
    guidanceScale: 1,
  },
]

const mostSteps = 16

/** How to run a LoRA that has these names; null where none of them is that of a method with few steps. */
export function fewStepSampling(names: readonly string[]): FewStepSampling | null {
  for (const name of names) {
    const plain = name.toLowerCase().replace(/[-_. ]+/g, ' ')
    const found = fewStepMethods.find(({ pattern }) => pattern.test(plain))
    if (!found) continue
    const { pattern: _, ...sampling } = found
    const said = Number(/(\d+) ?steps?\b/.exec(plain)?.[1] ?? 0)
    return { ...sampling, steps: said >= 1 && said <= mostSteps ? said : sampling.steps }
  }
  return null
}
