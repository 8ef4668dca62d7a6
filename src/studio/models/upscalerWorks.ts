import type { EngineCalls } from '../../shared/engine/engineContract.ts'
import { isNetworkUpscaler } from '../../shared/models/upscalers.ts'
import type { UpscalerWork } from '../../shared/models/upscalerWork.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { UpscalerFiles } from './upscalerFiles.ts'

interface Parts {
  pastTimes: { upscalerWorks: Map<string, UpscalerWork | null> }
  upscalers: Pick<UpscalerFiles, 'pathOf'>
  idleEngine: () => Pick<EngineCalls, 'upscalerWork'>
}

/** Reads the headers of the networks that requests enlarge with, each once. What is wrong with one is said when it is used. */
export async function lookIntoUpscalers(
  requests: readonly Pick<ResolvedRequest, 'hires' | 'upscale'>[],
  { pastTimes: { upscalerWorks }, upscalers, idleEngine }: Parts,
): Promise<void> {
  const used = requests.flatMap(({ hires, upscale }) => [hires?.upscaler, upscale?.upscaler])
  for (const name of new Set(used)) {
    if (name === undefined || !isNetworkUpscaler(name) || upscalerWorks.has(name)) continue
    const work = upscalers.pathOf(name).then((path) => idleEngine().upscalerWork(path))
    await work.then((known) => upscalerWorks.set(name, known)).catch(() => {})
  }
}
