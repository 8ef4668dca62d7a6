/**
 * `npm run soak`: a studio that is killed again and again, and one that works for long. Real processes, real files, a
 * small engine that paints gradients. Ends with exit code 1 when anything was lost, doubled or orphaned.
 *
 *   npm run soak                      200 kills, then 5,000 jobs
 *   npm run soak -- KILLS [JOBS]      fewer: 0 leaves a part out
 *   npm run soak -- KILLS JOBS SEED   the same choices again
 *   npm run soak -- farm [JOBS]       500 tiny jobs on four workers, of which one is killed every 5 s; needs redis-server
 */
import { killAgainAndAgain } from './soak/kills.ts'
import { workForLong } from './soak/longWork.ts'

const [first, count = '500'] = process.argv.slice(2)
if (first === 'farm') {
  const { workFarm } = await import('./soak/farmUnderKills.ts')
  process.exit((await workFarm(Number(count))) ? 0 : 1)
}

const [kills = 200, jobs = 5000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)
if (kills > 0 && !(await killAgainAndAgain(kills, seed))) process.exitCode = 1
if (jobs > 0) await workForLong(jobs)
