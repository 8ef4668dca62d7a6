import type { Status, StudioCalls } from '../shared/calls/contract.ts'
import { createDownloadCalls, type DownloadParts } from './downloads/downloadCalls.ts'
import type { EngineProcess } from './engine/engineProcess.ts'
import type { Farm } from './farm/farm.ts'
import { farmCalls } from './farm/farmCalls.ts'
import { gridCalls, type GridParts } from './grids/gridCalls.ts'
import { historyCalls, type HistoryParts } from './history/historyCalls.ts'
import { importCalls, type ImportCallParts } from './imports/importCalls.ts'
import type { ImportRoom } from './imports/importRoom.ts'
import { branchRequest } from './jobs/request/branchRequest.ts'
import { jobCalls } from './jobs/jobCalls.ts'
import { editCalls } from './jobs/editCalls.ts'
import { insideCalls } from './lab/insideCalls.ts'
import { labCalls } from './lab/labCalls.ts'
import type { LiveTracing } from './lab/liveTrace.ts'
import { mixCalls } from './lab/mixCalls.ts'
import { raceCalls } from './lab/raceCalls.ts'
import { upscaleCalls } from './jobs/upscaleCalls.ts'
import { modelCalls, type ModelParts } from './models/modelCalls.ts'
import { promptCalls, type PromptParts } from './prompts/promptCalls.ts'
import type { Previews } from './pictures/previews.ts'
import { applicationVersion, packageVersion } from './paths.ts'
import { formCalls } from './keptForm.ts'
import { writeReport } from './report.ts'

export interface StudioParts
  extends ModelParts, GridParts, HistoryParts, ImportCallParts, DownloadParts, PromptParts {
  engine: EngineProcess
  farm: Farm | undefined
  imports: ImportRoom
  findModel(id: string): Promise<{ id: string }>
  liveTrace: LiveTracing
  previews: Previews
}

/** The calls of the contract, out of the studio's parts. Their arguments have been checked. */
export function createStudioCalls(parts: StudioParts): StudioCalls {
  return {
    ...statusCalls(parts),
    report: () => report(parts),
    ...modelCalls(parts),
    ...jobCalls(parts),
    ...farmCalls(parts.farm),
    ...promptCalls(parts),
    ...formCalls(parts),
    branch: (asked) => parts.queue.enqueue(branchRequest(asked, parts)),
    ...gridCalls(parts),
    ...upscaleCalls(parts),
    ...editCalls(parts),
    ...labCalls(parts),
    ...insideCalls(parts),
    ...mixCalls(parts),
    ...raceCalls(parts),
    ...historyCalls(parts),
    ...importCalls(parts),
    ...createDownloadCalls(parts),
    // Only a window of the desktop app has more.
    openedFiles: async () => [],
  }
}

async function report(parts: StudioParts): Promise<string> {
  const status = await statusCalls(parts).status()
  const devices = await modelCalls(parts).devices()
  return writeReport({ status, settings: parts.settings.current(), devices, jobs: parts.queue.jobs() })
}

function statusCalls({ dataFolder, desktop, events, engine, queue, lastDevice }: StudioParts) {
  const engineState = (): Status['engine'] => {
    if (queue.hasRunningJob()) return 'running'
    return engine.isAlive() ? 'idle' : 'absent'
  }
  return {
    status: async (): Promise<Status> => ({
      version: applicationVersion,
      onnxRuntimeVersion: packageVersion('onnxruntime-node'),
      dataFolder,
      engine: engineState(),
      hasDesktop: desktop !== undefined,
      canUpdate: desktop?.canUpdate ?? false,
      device: lastDevice(),
      notices: events.notices(),
    }),
  }
}
