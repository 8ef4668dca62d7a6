import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import { writeFileDurably } from '../../files.ts'

export const libraryKinds = ['shared', 'own'] as const

/** Somebody who may come in over the network. Of the password only a hash is kept. */
const personSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string(),
  /** The studio's own library, or one that nobody else sees. */
  library: z.enum(libraryKinds),
  /** Base64url. */
  salt: z.string(),
  /** scrypt of the password, base64url. */
  hash: z.string(),
})
export type Person = z.output<typeof personSchema>

const fileOf = (dataFolder: string): string => join(dataFolder, 'people.json')

/** Throws `bad-request` for a file that holds something else: nobody is let in by guessing. */
export function readPeople(dataFolder: string): Person[] {
  const file = fileOf(dataFolder)
  if (!existsSync(file)) return []
  try {
    return z.array(personSchema).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const message = `${file} is no list of people. Move it away and add them anew.`
    throw new StudioError('bad-request', message, { cause: error })
  }
}

const write = (dataFolder: string, people: readonly Person[]): Promise<void> =>
  writeFileDurably(fileOf(dataFolder), JSON.stringify(people, null, 2), 'people')

const shortestPassword = 8

/** Adds somebody, or gives who has the name a new password and library. Throws `bad-request` for a password that is too short. */
export async function setPerson(
  dataFolder: string,
  { name, library, password }: { name: string; library: Person['library']; password: string },
): Promise<void> {
  if (password.length < shortestPassword) {
    const message = `A password has at least ${shortestPassword} characters, found ${password.length}.`
    throw new StudioError('bad-request', message)
  }
  const people = readPeople(dataFolder)
  const known = people.find((person) => isCalled(person, name))
  const salt = randomBytes(16)
  const hash = (await hashOf(password, salt)).toString('base64url')
  const id = known?.id ?? randomBytes(4).toString('hex')
  const person: Person = { id, name, library, salt: salt.toString('base64url'), hash }
  await write(dataFolder, known ? people.map((one) => (one === known ? person : one)) : [...people, person])
}

/** Their library stays where it is. Throws `not-found`. */
export async function removePerson(dataFolder: string, name: string): Promise<void> {
  const people = readPeople(dataFolder)
  const left = people.filter((person) => !isCalled(person, name))
  if (left.length === people.length) throw new StudioError('not-found', `There is nobody called "${name}".`)
  await write(dataFolder, left)
}

/** Who has the name and the password; null: nobody. It takes as long for a name that nobody has. */
export async function findPerson(
  people: readonly Person[],
  name: string,
  password: string,
): Promise<Person | null> {
  const found = people.find((person) => isCalled(person, name))
  const { salt, hash } = found ?? nobody
  const given = await hashOf(password, Buffer.from(salt, 'base64url'))
  const kept = Buffer.from(hash, 'base64url')
  return found && kept.length === given.length && timingSafeEqual(kept, given) ? found : null
}

const nobody = { salt: randomBytes(16).toString('base64url'), hash: '' }

/** Phones begin names with a capital letter. */
const isCalled = (person: Person, name: string): boolean =>
  person.name.toLowerCase() === name.trim().toLowerCase()

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)

/** Parameters as OWASP's Password Storage Cheat Sheet has them for scrypt: 64 MiB and a quarter of a second or so. */
const hashOf = (password: string, salt: Buffer): Promise<Buffer> =>
  derive(password.normalize('NFKC'), salt, 32, { N: 2 ** 16, r: 8, p: 2, maxmem: 2 ** 27 })
