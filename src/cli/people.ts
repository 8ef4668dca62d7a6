import { randomBytes } from 'node:crypto'
import { libraryKinds, readPeople, removePerson, setPerson } from '../studio/server/network/people.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json, text } from './program/options.ts'
import { pipe, readStandardInput } from './program/standardInput.ts'

export const people = command({
  name: 'people',
  summary: 'lists, adds and removes those who may come in over the network ("serve --listen")',
  options: {
    add: text('NAME', 'Add somebody, or give them a new password, and print it: only its hash is kept.'),
    password: text('-', 'With --add: read the password from the standard input instead of making one.'),
    library: text(
      'WHICH',
      'With --add: the library they come to; shared where nothing is said.',
      libraryKinds,
    ),
    remove: text('NAME', 'Let somebody in no more, at once. Their library stays where it is.'),
    json,
    data: dataFolder,
  },
  examples: ['studio people --add Ada', 'studio people --add Grace --library own'],
  read({ add, password, library, remove, json = false, data }) {
    if (add !== undefined && remove !== undefined) throw new Error('--add, --remove: give one of them.')
    if (add?.trim() === '') throw new Error('--add: must be a name, found nothing.')
    if (add === undefined && (password ?? library) !== undefined)
      throw new Error('--password, --library: belong to --add.')
    if (password !== undefined && password !== pipe)
      throw new Error(
        '--password: takes "-", the standard input; a password on the command line is seen by others.',
      )
    const kind = libraryKinds.find((known) => known === (library ?? 'shared'))
    if (!kind) throw new Error(`--library: must be ${libraryKinds.join(' or ')}, found "${library}".`)
    return {
      add: add?.trim(),
      withPassword: password !== undefined,
      library: kind,
      remove,
      json,
      data: dataOption(data),
    }
  },
  async run({ add, withPassword, library, remove, json, data }) {
    if (add !== undefined) {
      const password = withPassword ? firstLine(await readStandardInput('--password')) : madePassword()
      await setPerson(data, { name: add, library, password })
      if (json) return console.log(JSON.stringify({ name: add, ...(!withPassword && { password }) }))
      return withPassword ? undefined : console.log(password)
    }
    if (remove !== undefined) return removePerson(data, remove)
    const all = readPeople(data).map(({ id, name, library }) => ({ id, name, library }))
    if (json) return console.log(JSON.stringify(all))
    for (const { name, library } of all) console.log(`${library.padEnd(6)}  ${name}`)
  },
})

/** 80 bits in letters and digits that can be told apart, to be typed on a phone. */
function madePassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const chosen = [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')
  return chosen.replace(/(.{4})(?=.)/g, '$1-')
}

const firstLine = (typed: Buffer): string => typed.toString().split(/\r?\n/, 1)[0]

if (import.meta.main) await people.start(process.argv.slice(2))
