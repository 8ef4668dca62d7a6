// node scripts/starterStory.ts: what every starter of the source's history draws, for the Lab's page of training. The
// weights of each come out of git; all are asked for the same pictures, by today's engine.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { openStudio, type Studio } from '../src/studio/studio.ts'
import { root } from './build.ts'

/** Where a starter's weights first stood, how large it draws, and the kinds of things its training showed. */
const starters = [
  { commit: 'ed9385e', side: 128, kinds: 21 },
  { commit: 'd894270', side: 128, kinds: 52 },
  { commit: '2d4642f', side: 128, kinds: 55 },
  { commit: 'e52bcb2', side: 256, kinds: 100 },
]
/** The first six name only what the first one was shown, the last three what only the newest was. */
const prompts = [
  'a red house in the snow',
  'an orange cat on a meadow',
  'three yellow stars at night',
  'a white boat below a yellow moon at night',
  'a blue car left of a green tree',
  'a purple fish in the sea',
  'a red fox on a hill at sunset',
  'a yellow duck in a blue hat',
  'a girl riding a horse on the beach',
]
const cell = 256
const asked = { seed: 1, steps: 20, guidanceScale: 4, sampler: 'DDIM', device: 'cpu' } as const

const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-starters-'))
const studio = await openStudio({
  dataFolder: path.join(folder, 'data'),
  furtherFolders: [path.join(folder, 'models')],
})
try {
  for (const { commit } of starters) takeOut(commit, path.join(folder, 'models', commit))
  const rows: Buffer[][] = []
  for (const { commit, side } of starters) rows.push(await drawn(studio, commit, side))
  const sheet = sharp({
    create: { width: cell * prompts.length, height: cell * starters.length, channels: 3, background: '#000' },
  }).composite(
    rows.flatMap((pictures, row) =>
      pictures.map((input, column) => ({ input, left: column * cell, top: row * cell })),
    ),
  )
  const story = path.join(root, 'src', 'renderer', 'lab', 'training', 'story')
  await sheet.webp({ quality: 88, effort: 6 }).toFile(path.join(story, 'starters.webp'))
  const told = { starters: starters.map(({ side, kinds }) => ({ side, kinds })), prompts, side: cell }
  writeFileSync(path.join(story, 'starters.json'), `${JSON.stringify(told)}\n`)
} finally {
  await studio.close()
  rmSync(folder, { recursive: true })
}

function takeOut(commit: string, into: string): void {
  mkdirSync(into, { recursive: true })
  const archive = execFileSync('git', ['archive', commit, 'resources/models/starter'], {
    cwd: root,
    maxBuffer: 2 ** 30,
  })
  execFileSync('tar', ['x', '-C', into, '--strip-components=3'], { input: archive })
}

/** The pictures of one model, enlarged without smoothing to the size of a cell. */
async function drawn({ calls, subscribe }: Studio, model: string, side: number): Promise<Buffer[]> {
  const pictures: Buffer[] = []
  for (const prompt of prompts) {
    const { id } = await calls.enqueue({ ...asked, prompt, model, width: side, height: side })
    await new Promise<void>((resolve, reject) => {
      const end = subscribe({
        jobChanged: (job) => {
          if (job.id !== id || job.state === 'queued' || job.state === 'running') return
          end()
          if (job.state === 'done') resolve()
          else reject(new Error(job.error?.message ?? job.state))
        },
      })
    })
    const { items } = await calls.history({ limit: 1 })
    pictures.push(await sharp(items[0].path).resize(cell, cell, { kernel: 'nearest' }).png().toBuffer())
  }
  return pictures
}
