import type { EngineCalls } from '../../../shared/engine/engineContract.ts'
import type { TurboFinding } from '../../../shared/request/automaticTurbo.ts'
import type { Farm } from '../../farm/farm.ts'
import type { Device } from '../../../shared/request/request.ts'

/** Chooses between Turbo and exact where a request leaves it to automatic. */
export interface AutomaticTurbo {
  /** What is known of the model at `path`. Where it was never tested here, that is done once the studio rests. */
  find(path: string, device: Device): Promise<TurboFinding>
  /** How many tests there have been: what is known of devices is older. */
  tests(): number
}

interface Parts {
  /** An engine that answers at once, whatever runs. */
  idleEngine: () => Pick<EngineCalls, 'findTurbo'>
  /** One that may end while it tests, and nothing is lost. */
  testingEngine: Pick<EngineCalls, 'testTurbo'>
  /** Whether something is drawn, which a test would hold up. */
  isBusy: () => boolean
  /** Workers draw: what this machine's processor does says nothing of theirs. */
  farm: Farm | undefined
}

/** How long nothing was drawn before something is tested, and how often that is looked at, in ms. */
const restMs = 5_000
const lookMs = 1_000

export function createAutomaticTurbo({ idleEngine, testingEngine, isBusy, farm }: Parts): AutomaticTurbo {
  const wanted = new Set<string>()
  let tests = 0
  let rested = 0
  let timer: NodeJS.Timeout | undefined

  const look = async (): Promise<void> => {
    rested = isBusy() ? 0 : rested + lookMs
    const [path] = wanted
    if (rested >= restMs && path !== undefined) {
      // A test that ended its engine is known by its mark.
      await testingEngine.testTurbo(path).catch(() => {})
      wanted.delete(path)
      tests++
    }
    timer = wanted.size > 0 ? setTimeout(() => void look(), lookMs).unref() : undefined
  }

  return {
    async find(path, device) {
      if (farm) return 'farm'
      const finding = await idleEngine().findTurbo(path, device)
      if (finding !== 'untested') return finding
      wanted.add(path)
      if (!timer) {
        rested = 0
        timer = setTimeout(() => void look(), lookMs).unref()
      }
      return finding
    },
    tests: () => tests,
  }
}
