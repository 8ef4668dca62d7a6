import type { StudioCalls } from '../../../shared/calls/contract.ts'
import { StudioError } from '../../../shared/errors.ts'

/**
 * The calls as they are answered over the network: whoever comes in makes and sees pictures, but does not look around on
 * the machine, nor choose where on it anything is written. What would do so throws `forbidden`.
 */
export const networkCalls = (calls: StudioCalls): StudioCalls => ({
  ...calls,
  async changeSettings(change) {
    if (change.modelFolders || change.importFolders) throw onTheMachine()
    return calls.changeSettings(change)
  },
  lookAtFolder: async () => Promise.reject(onTheMachine()),
  suggestedFolders: async () => [],
  async planDownload(asked) {
    if (asked.folder) throw onTheMachine()
    return calls.planDownload(asked)
  },
  async startDownload(asked) {
    if (asked.folder) throw onTheMachine()
    return calls.startDownload(asked)
  },
})

const onTheMachine = (): StudioError =>
  new StudioError(
    'forbidden',
    'Folders are chosen on the machine that the studio runs on: open the studio there, without the network.',
  )
