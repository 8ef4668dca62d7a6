import type { ErrorRecord } from '../shared/errors.ts'
import { kindNames, type OwnedFile } from '../shared/models/ownedFile.ts'
import type { Studio } from '../studio/studio.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

export const models = command({
  name: 'models',
  summary: 'lists the files of every kind in the model folders, with what is wrong with them',
  options: { json, data: dataFolder },
  read: ({ data, json = false }) => ({ data: dataOption(data), json }),
  async run({ data, json }) {
    const studio = await openSpokenStudio({ dataFolder: data, adoptJobs: false })
    try {
      const listed: Listed[] = []
      for (const file of await studio.allFiles())
        listed.push({ ...file, findings: await findings(studio, file) })
      console.log(json ? JSON.stringify(listed) : listed.map(describe).join('\n'))
    } finally {
      await studio.close()
    }
  },
})

type Listed = OwnedFile & { findings: ErrorRecord[] }

/** What the doctor says of a checkpoint, and of any file why it cannot be used or where it should lie. */
async function findings(studio: Studio, file: OwnedFile): Promise<ErrorRecord[]> {
  const { doctor } =
    file.kind === 'checkpoint' && !file.problem ? await studio.calls.file(file.id) : { doctor: null }
  return [...(file.problem ? [file.problem] : []), ...(doctor?.findings ?? []), ...misplaced(file)]
}

function misplaced({ path, kind, misplaced, tool }: OwnedFile): ErrorRecord[] {
  if (!misplaced) return []
  const program = tool ?? 'another program'
  const where = misplaced.home ? `Move it to ${misplaced.home}` : 'Move it to the folder for its kind'
  const message = `${path} is ${kindNames[kind]}, but lies in the folder for ${misplaced.expected} files, where ${program} does not find it. ${where}. Latent Studio uses it wherever it lies.`
  return [{ code: 'misplaced-file', message }]
}

function describe({ kind, family, name, path, findings }: Listed): string {
  const facts = [kind, family ?? '-', name, path].join('  ')
  return [facts, ...findings.map(({ code, message }) => `  ${code}: ${message}`)].join('\n')
}

if (import.meta.main) await models.start(process.argv.slice(2))
