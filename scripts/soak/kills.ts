import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { newImage, writePictures } from '../../tests/studio/fixtures/pictures.ts'
import { breakIndex, makeOld, removeDatabase, type Harm } from './harm.ts'
import type { Told } from './life.ts'
import { createRandom, type Random } from './random.ts'
import { verify, type Findings, type Ledger } from './verify.ts'

/** What goes on when a studio is killed: what it does, and what was done to its database before. */
interface Scene {
  habit: string
  harm?: Harm
  /** The kill comes after at most so many things were told, and then within so many ms. */
  told: number
  within: number
  /** Only where every job has come to its end: the queue goes with the database. */
  settled?: boolean
}

const scenes: Record<string, Scene> = {
  drawing: { habit: 'draw', told: 15, within: 150 },
  'enlarging and changing settings': { habit: 'enlarge', told: 15, within: 150 },
  'pausing and going on': { habit: 'pause', told: 15, within: 300 },
  'trying again': { habit: 'retry', told: 15, within: 150 },
  'emptying the trash': { habit: 'trash', told: 15, within: 150 },
  'rebuilding a damaged database': { habit: 'draw', harm: breakIndex, told: 1, within: 1000 },
  'bringing up an old database': { habit: 'draw', harm: makeOld, told: 1, within: 1000 },
  'rebuilding a missing database': {
    habit: 'draw',
    harm: removeDatabase,
    told: 1,
    within: 1000,
    settled: true,
  },
}

/** Kills between two looks at what is left. */
const killsBetweenLooks = 10
/** Pictures that are there from the beginning, so that a rebuild takes a while. */
const firstPictures = 300

/** Kills studios at random moments of all scenes; prints what was lost, doubled or orphaned. True: nothing was. */
export async function killAgainAndAgain(kills: number, seed: number): Promise<boolean> {
  const random = createRandom(seed)
  const dataFolder = mkdtempSync(join(tmpdir(), 'latent-studio-soak-'))
  const ledger: Ledger = { accepted: new Set(), shown: new Map(), deleting: new Set(), settings: [] }
  const counts = new Map<string, number>()
  const total: Findings = { lost: [], doubled: [], orphans: [] }
  await writePictures(
    dataFolder,
    Array.from({ length: firstPictures }, (_, index) => newImage(index)),
  )
  for (let kill = 0; kill < kills; kill++) {
    const isSettled = kill % killsBetweenLooks === 0
    const possible = Object.entries(scenes).filter(([, { settled }]) => isSettled || !settled)
    const [name, scene] = random.pick(possible)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    await liveAndDie(dataFolder, scene, random, ledger)
    if ((kill + 1) % killsBetweenLooks > 0 && kill + 1 < kills) continue
    const findings = await verify(dataFolder, ledger)
    for (const key of Object.keys(total) as (keyof Findings)[]) total[key].push(...findings[key])
    for (const finding of Object.values(findings).flat()) console.log(`  ! ${finding}`)
    console.log(`${kill + 1} kills, ${ledger.shown.size} pictures shown, ${ledger.deleting.size} deleted`)
  }
  for (const [name, count] of counts) console.log(`  ${String(count).padStart(4)} while ${name}`)
  const { lost, doubled, orphans } = total
  console.log(
    `${kills} kills (seed ${seed}): ${lost.length} lost, ${doubled.length} doubled, ${orphans.length} orphans`,
  )
  rmSync(dataFolder, { recursive: true, force: true })
  return lost.length + doubled.length + orphans.length === 0
}

/** A studio that has nothing more to tell is killed after this. */
const longestLifeMs = 20_000

async function liveAndDie(
  dataFolder: string,
  { habit, harm, told: mostTold, within }: Scene,
  random: Random,
  ledger: Ledger,
): Promise<void> {
  harm?.(dataFolder)
  const program = fileURLToPath(new URL('life.ts', import.meta.url))
  const args = [program, dataFolder, String(random.number(2 ** 30)), habit]
  const child = spawn(findNodeBinary(), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const isTime = Promise.withResolvers<void>()
  let untilTime = 1 + random.number(mostTold)
  const closed = once(child, 'close')
  child.on('message', (told: Told) => {
    if (--untilTime === 0) isTime.resolve()
    if ('accepted' in told) ledger.accepted.add(told.accepted)
    else if ('changing' in told) ledger.settings.push(told.changing)
    else if ('changed' in told) ledger.settings = [told.changed]
    else if ('shown' in told) ledger.shown.set(told.shown, told.ofJob)
    else if ('deleting' in told) for (const id of told.deleting) ledger.deleting.add(id)
  })
  await Promise.race([isTime.promise, closed, wait(longestLifeMs)])
  await wait(random.number(within))
  if (child.exitCode !== null) console.log(`  ! a studio ended by itself with exit code ${child.exitCode}`)
  child.kill('SIGKILL')
  await closed
}
