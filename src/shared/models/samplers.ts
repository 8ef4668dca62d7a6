import { editDistance } from '../nearestNames.ts'

/**
 * The names of samplers and schedules. Screen names are AUTOMATIC1111's; the aliases are ComfyUI's ids and
 * other names under which people meet the same method. How each is computed lives in the engine.
 */
export const samplers = [
  { name: 'Model default', aliases: [] },
  { name: 'DPM++ 2M', aliases: ['dpmpp_2m', 'dpm++2m'] },
  { name: 'DPM++ SDE', aliases: ['dpmpp_sde', 'dpmpp_sde_gpu'] },
  { name: 'DPM++ 2M SDE', aliases: ['dpmpp_2m_sde', 'dpmpp_2m_sde_gpu', 'dpm++2m_sde'] },
  { name: 'DPM++ 2M SDE Heun', aliases: ['dpmpp_2m_sde_heun', 'dpmpp_2m_sde_heun_gpu'] },
  { name: 'DPM++ 2S a', aliases: ['dpmpp_2s_ancestral', 'dpm++2s_a'] },
  { name: 'DPM++ 3M SDE', aliases: ['dpmpp_3m_sde', 'dpmpp_3m_sde_gpu'] },
  { name: 'Euler a', aliases: ['euler_ancestral', 'euler_a', 'k_euler_a'] },
  { name: 'Euler', aliases: ['euler', 'k_euler'] },
  { name: 'LMS', aliases: ['lms', 'k_lms'] },
  { name: 'Heun', aliases: ['heun', 'k_heun'] },
  { name: 'HeunPP2', aliases: ['heunpp2'] },
  { name: 'DPM2', aliases: ['dpm_2', 'dpm2', 'kdpm_2'] },
  { name: 'DPM2 a', aliases: ['dpm_2_ancestral', 'kdpm_2_a'] },
  { name: 'DPM fast', aliases: ['dpm_fast'] },
  { name: 'DPM adaptive', aliases: ['dpm_adaptive'] },
  { name: 'Restart', aliases: ['restart'] },
  { name: 'DDIM', aliases: ['ddim'] },
  { name: 'DDIM CFG++', aliases: ['ddim_cfg_pp'] },
  { name: 'Euler CFG++', aliases: ['euler_cfg_pp'] },
  { name: 'Euler a CFG++', aliases: ['euler_ancestral_cfg_pp', 'euler_a_cfg_pp'] },
  { name: 'PLMS', aliases: ['plms', 'pndm'] },
  { name: 'UniPC', aliases: ['uni_pc', 'unipc'] },
  { name: 'UniPC bh2', aliases: ['uni_pc_bh2'] },
  { name: 'DEIS', aliases: ['deis'] },
  { name: 'IPNDM', aliases: ['ipndm'] },
  { name: 'IPNDM_V', aliases: ['ipndm_v'] },
  { name: 'DDPM', aliases: ['ddpm'] },
  { name: 'LCM', aliases: ['lcm'] },
  { name: 'TCD', aliases: ['tcd'] },
  { name: 'RES Multistep', aliases: ['res_multistep'] },
  { name: 'RES Multistep a', aliases: ['res_multistep_ancestral'] },
  { name: 'Gradient Estimation', aliases: ['gradient_estimation'] },
  { name: 'ER SDE', aliases: ['er_sde'] },
  { name: 'SEEDS 2', aliases: ['seeds_2'] },
  { name: 'SEEDS 3', aliases: ['seeds_3'] },
  { name: 'SA Solver', aliases: ['sa_solver'] },
  { name: 'SA Solver PECE', aliases: ['sa_solver_pece'] },
  { name: 'DPM++ 2M CFG++', aliases: ['dpmpp_2m_cfg_pp'] },
  { name: 'DPM++ 2S a CFG++', aliases: ['dpmpp_2s_ancestral_cfg_pp'] },
  { name: 'RES Multistep CFG++', aliases: ['res_multistep_cfg_pp'] },
  { name: 'RES Multistep a CFG++', aliases: ['res_multistep_ancestral_cfg_pp'] },
  { name: 'Gradient Estimation CFG++', aliases: ['gradient_estimation_cfg_pp'] },
] as const satisfies readonly NamedMethod[]

export const schedules = [
  { name: 'Automatic', aliases: [] },
  { name: 'Model default', aliases: [] },
  { name: 'Normal', aliases: ['normal'] },
  { name: 'Uniform', aliases: ['uniform'] },
  { name: 'Karras', aliases: ['karras'] },
  { name: 'Exponential', aliases: ['exponential'] },
  { name: 'Polyexponential', aliases: ['polyexponential'] },
  { name: 'SGM Uniform', aliases: ['sgm_uniform', 'SGMUniform'] },
  { name: 'KL Optimal', aliases: ['kl_optimal'] },
  { name: 'Align Your Steps', aliases: ['align_your_steps', 'ays'] },
  { name: 'Simple', aliases: ['simple'] },
  { name: 'DDIM', aliases: ['ddim', 'ddim_uniform'] },
  { name: 'Beta', aliases: ['beta'] },
  { name: 'Linear Quadratic', aliases: ['linear_quadratic'] },
  { name: 'Turbo', aliases: ['turbo', 'sd_turbo'] },
  { name: 'VP', aliases: ['vp'] },
] as const satisfies readonly NamedMethod[]

interface NamedMethod {
  name: string
  aliases: readonly string[]
}

export type SamplerName = (typeof samplers)[number]['name']
export type ScheduleName = (typeof schedules)[number]['name']

/** The screen name for a name or alias in any case, with spaces or underscores; undefined when nothing is called so. */
export const findSampler = (text: string): SamplerName | undefined => samplerNames.get(plainSpelling(text))
export const findSchedule = (text: string): ScheduleName | undefined => scheduleNames.get(plainSpelling(text))

const plainSpelling = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')

const namesOf = <Name extends string>(
  table: readonly { name: Name; aliases: readonly string[] }[],
): ReadonlyMap<string, Name> =>
  new Map(
    table.flatMap(({ name, aliases }) =>
      [name, ...aliases].map((known) => [plainSpelling(known), name] as const),
    ),
  )

const samplerNames = namesOf(samplers)
const scheduleNames = namesOf(schedules)

/**
 * Splits names that old infotexts fuse: "DPM++ 2M Karras" and "dpmpp_2m_karras" are "DPM++ 2M" with "Karras".
 * A plain sampler name comes back with no schedule; undefined when the text names no sampler.
 */
export function splitFusedName(text: string): { sampler: SamplerName; schedule?: ScheduleName } | undefined {
  const sampler = findSampler(text)
  if (sampler) return { sampler }
  if (text.length > longestName) return undefined
  const words = text.trim().split(/[\s_]+/)
  for (let cut = words.length - 1; cut > 0; cut--) {
    const fused = findSampler(words.slice(0, cut).join(' '))
    const schedule = findSchedule(words.slice(cut).join(' '))
    if (fused && schedule) return { sampler: fused, schedule }
  }
  return undefined
}

/** Characters; no sampler and schedule together have a longer name. */
const longestName = 100

/** The three names of a table nearest to a text: those with an alias or a spelling that takes the fewest changes. */
export function nearestMethods<Name extends string>(
  table: readonly { name: Name; aliases: readonly string[] }[],
  text: string,
): Name[] {
  const plain = (spelling: string): string => spelling.toLowerCase().replace(/[^\p{L}\p{N}+]/gu, '')
  const wanted = plain(text.slice(0, 60))
  const measured = table.map(({ name, aliases }) => ({
    name,
    // The alias counts a little less, so that of two as near the one seen on the screen comes first.
    distance: Math.min(
      editDistance(plain(name), wanted),
      ...aliases.map((alias) => editDistance(plain(alias), wanted) + 0.5),
    ),
  }))
  return measured
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}
