import type { FarmCalls } from '../../shared/queue/farm.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Farm } from './farm.ts'

/** The calls about the farm: see the contract. */
export const farmCalls = (farm: Farm | undefined): FarmCalls => ({
  farm: async () => (farm ? farm.state() : null),
  pauseWorker: async (name, isPaused) => there(farm).pauseWorker(name, isPaused),
  discardLetter: async (imageId) => there(farm).discardLetter(imageId),
})

function there(farm: Farm | undefined): Farm {
  if (farm) return farm
  throw new StudioError('bad-request', 'There is no farm: the studio draws by itself.')
}
