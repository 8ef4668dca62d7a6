import type { SamplerName } from '../../../shared/models/samplers.ts'
import type { Ancestral } from '../../samplers/eulerAncestral.ts'
import { combine, type Sampler } from '../../samplers/step.ts'

/**
 * Samplers that follow the same equation on a flow as anywhere, dx/ds = (x - denoised) / s, and so need no other form.
 * All others put noise in by the rules of variance exploding diffusion.
 */
export const followsFlow: readonly SamplerName[] = [
  'Euler',
  'Heun',
  'HeunPP2',
  'DPM++ 2M',
  'LMS',
  'DEIS',
  'IPNDM',
  'IPNDM_V',
  'RES Multistep',
  'Gradient Estimation',
]

/** Consistency sampling: a fresh mixture of the predicted picture and noise at every step (ComfyUI's sample_lcm). */
const lcm: Sampler = async function* (denoise, x, sigmas, noise) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const [sigma, next] = [sigmas[i], sigmas[i + 1]]
    const { denoised } = await denoise(x, sigma)
    x = next > 0 ? combine([1 - next, denoised], [next, noise(sigma, next)]) : denoised
    yield { x, denoised }
  }
}

/** Euler steps further down than asked, then as much noise as a flow has there (ComfyUI, sample_euler_ancestral_RF). */
const eulerAncestral: Sampler<Ancestral> = async function* (denoise, x, sigmas, noise, { eta, sNoise }) {
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const [sigma, next] = [sigmas[i], sigmas[i + 1]]
    const { denoised } = await denoise(x, sigma)
    const down = next * (1 + (next / sigma - 1) * eta)
    const ratio = down / sigma
    x = combine([ratio, x], [1 - ratio, denoised])
    if (eta > 0 && next > 0) {
      const kept = (1 - next) / (1 - down)
      const fresh = Math.sqrt(Math.max(next ** 2 - (down * kept) ** 2, 0))
      x = combine([kept, x], [fresh * sNoise, noise(sigma, next)])
    }
    yield { x, denoised }
  }
}

/** Samplers that have a form of their own on a flow. */
export const flowForms: Partial<Record<SamplerName, Sampler<Ancestral>>> = {
  LCM: lcm,
  'Euler a': eulerAncestral,
}
