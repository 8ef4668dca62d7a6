import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { command } from './program/command.ts'
import { dataFolder, dataOption } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

/** How often it is told how far it is, in ms. */
const lookMs = 1000

export const importFolders = command({
  name: 'import',
  summary: 'shows folders of pictures in the library, from where they lie',
  needs: 'FOLDER...',
  operands: 'any',
  options: { data: dataFolder },
  notes: [
    'Ctrl+C stops; what was read stays, and the next start goes on.',
    'Nothing in the folders is changed.',
  ],
  examples: ['studio import ~/ComfyUI/output'],
  read: ({ data }, folders) => {
    if (folders.length === 0) throw new Error('Name a folder of pictures.')
    return { data: dataOption(data), folders: folders.map((folder) => resolve(folder)) }
  },
  async run({ data, folders }) {
    const { calls, close } = await openSpokenStudio({ dataFolder: data, adoptJobs: false })
    try {
      process.once('SIGINT', () => void calls.stopImports())
      const { importFolders: before } = await calls.settings()
      await calls.changeSettings({ importFolders: [...new Set([...before, ...folders])] })
      let state = await calls.imports()
      while (state.phase === 'looking' || state.phase === 'reading') {
        if (state.of > 0) process.stderr.write(`info: ${state.done} of ${state.of} files\n`)
        await wait(lookMs)
        state = await calls.imports()
      }
      for (const { path, pictures } of state.folders)
        if (folders.includes(path)) console.log(`${path}: ${pictures} pictures`)
    } finally {
      await close()
    }
  },
})

if (import.meta.main) await importFolders.start(process.argv.slice(2))
