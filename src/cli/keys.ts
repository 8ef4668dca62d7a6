import { addApiKey, apiKeys, revokeApiKey } from '../studio/api/apiKeys.ts'
import { localTime } from '../studio/pictures/localTime.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json, text } from './program/options.ts'

export const keys = command({
  name: 'keys',
  summary: 'lists, makes and revokes the keys of programs that draw with "serve --api"',
  options: {
    add: text('NAME', 'Make a key for a program, and print it: it is kept nowhere.'),
    revoke: text('ID', 'Let a key open nothing any more, at once.'),
    json,
    data: dataFolder,
  },
  read({ add, revoke, json = false, data }) {
    if (add !== undefined && revoke !== undefined) throw new Error('--add, --revoke: give one of them.')
    if (add?.trim() === '') throw new Error('--add: must be a name, found nothing.')
    return { add: add?.trim(), revoke, json, data: dataOption(data) }
  },
  async run({ add, revoke, json, data }) {
    if (add !== undefined) {
      const key = await addApiKey(data, add)
      return console.log(json ? JSON.stringify({ key }) : key)
    }
    if (revoke !== undefined) return revokeApiKey(data, revoke)
    const kept = await apiKeys(data)
    if (json) return console.log(JSON.stringify(kept))
    for (const { id, name, createdAt } of kept)
      console.log(`${id}  ${localTime(createdAt).slice(0, 10)}  ${name}`)
  },
})

if (import.meta.main) await keys.start(process.argv.slice(2))
