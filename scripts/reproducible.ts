// npm run reproducible: builds and packages the app twice, and says which files of the two differ. None should: what is not
// the same is the archive or installer around them, which records when it was made.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildIfStale, root } from './build.ts'
import { makeUnpackedApp } from './packaging/unpackedApp.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-twice-'))
try {
  const [one, other] = ['one', 'other'].map((name) => hashesOf(buildAfresh(path.join(folder, name))))
  const files = [...new Set([...one.keys(), ...other.keys()])].sort()
  const differing = files.filter((file) => one.get(file) !== other.get(file))
  for (const file of differing) console.log(`differs: ${file}`)
  console.log(`${files.length - differing.length} of ${files.length} files are the same.`)
  if (differing.length > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function buildAfresh(into: string): string {
  rmSync(path.join(root, 'out'), { recursive: true, force: true })
  buildIfStale()
  return makeUnpackedApp(into)
}

/** SHA-256 of every file, by its path in the folder. */
function hashesOf(app: string): Map<string, string> {
  const files = readdirSync(app, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name)
      return [path.relative(app, file), createHash('sha256').update(readFileSync(file)).digest('hex')]
    }),
  )
}
