import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StudioCalls } from '../shared/calls/contract.ts'
import { readKeptForm, type FormCalls } from '../shared/calls/formCalls.ts'
import { writeFileDurably } from './files.ts'

/** Keeps the window's form in the data folder (`form.json`), so that it goes on in whatever browser is opened next. */
export function formCalls({
  dataFolder,
  ownership,
}: {
  dataFolder: string
  ownership: { id: string }
}): Pick<StudioCalls, keyof FormCalls> {
  const path = join(dataFolder, 'form.json')
  let lastChange: Promise<unknown> = Promise.resolve()
  return {
    async keptForm() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return ''
        throw error
      })
      return readKeptForm(text)
    },
    keepForm(form) {
      const kept = lastChange.then(() =>
        writeFileDurably(path, `${JSON.stringify(form, null, 2)}\n`, ownership.id),
      )
      lastChange = kept.catch(() => {})
      return kept
    },
  }
}
