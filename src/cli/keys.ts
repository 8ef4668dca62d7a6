import {
  addApiKey,
  apiKeys,
  changeApiKey,
  revokeApiKey,
  scopes,
  type ApiKey,
  type Rights,
} from '../studio/api/apiKeys.ts'
import { localTime } from '../studio/pictures/localTime.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, json, numberOption, text, texts } from './program/options.ts'

export const keys = command({
  name: 'keys',
  summary: 'lists, makes, changes and revokes the keys of programs that use "serve --api"',
  options: {
    add: text('NAME', 'Make a key for a program, and print it: it is kept nowhere.'),
    change: text('ID', 'Change what a key may do, from its next call on.'),
    revoke: text('ID', 'Let a key open nothing any more, at once.'),
    scope: texts('SCOPE', 'What the key may do; generate and read where nothing is said.', scopes),
    'per-minute': text('N', 'Calls that it may make in a minute; "any" for as many as come.'),
    'largest-body': text('MIB', 'MiB that one call may have, 200 where nothing is said.'),
    json,
    data: dataFolder,
  },
  notes: [
    'The scope "generate" draws, "read" looks at the library and the queue, "manage" stops and retries the jobs of others and reads the model folders anew, "work" is for the workers of a farm.',
  ],
  examples: [
    'studio keys --add "Open WebUI"',
    'studio keys --add Krita --scope generate --per-minute 60 --largest-body 50',
    'studio keys --change 1a2b3c4d --scope read',
  ],
  read({ add, change, revoke, json = false, data, ...rights }) {
    if ([add, change, revoke].filter((given) => given !== undefined).length > 1)
      throw new Error('--add, --change, --revoke: give one of them.')
    if (add?.trim() === '') throw new Error('--add: must be a name, found nothing.')
    const given = readRights(rights)
    if (Object.keys(given).length > 0 && add === undefined && change === undefined)
      throw new Error(`--${Object.keys(rights)[0]}: belongs to --add or --change.`)
    return { add: add?.trim(), change, revoke, given, json, data: dataOption(data) }
  },
  async run({ add, change, revoke, given, json, data }) {
    if (add !== undefined) {
      const key = await addApiKey(data, add, given)
      return console.log(json ? JSON.stringify({ key }) : key)
    }
    if (revoke !== undefined) return revokeApiKey(data, revoke)
    const told = change !== undefined ? [await changeApiKey(data, change, given)] : await apiKeys(data)
    if (json) return console.log(JSON.stringify(told))
    for (const key of told) console.log(line(key))
  },
})

function readRights(options: {
  scope?: string[]
  'per-minute'?: string
  'largest-body'?: string
}): Partial<Rights> {
  const { scope, 'per-minute': perMinute, 'largest-body': largestBody } = options
  const unknown = scope?.find((name) => !scopes.some((known) => known === name))
  if (unknown !== undefined) throw new Error(`--scope: is one of ${scopes.join(', ')}, found "${unknown}".`)
  return {
    ...(scope && { scopes: scopes.filter((known) => scope.includes(known)) }),
    ...(perMinute !== undefined && {
      requestsPerMinute:
        perMinute === 'any' ? null : within('per-minute', numberOption('per-minute', perMinute)!, 1_000_000),
    }),
    ...(largestBody !== undefined && {
      mostBytes: within('largest-body', numberOption('largest-body', largestBody)!, 1024) * 2 ** 20,
    }),
  }
}

function within(name: string, number: number, most: number): number {
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new Error(`--${name}: must be a whole number from 1 to ${most}, found "${number}".`)
}

function line({ id, name, createdAt, scopes, requestsPerMinute, mostBytes }: ApiKey): string {
  const often = requestsPerMinute === null ? 'any number' : String(requestsPerMinute)
  const limits = `${often} a minute, ${Math.round(mostBytes / 2 ** 20)} MiB a call`
  return `${id}  ${localTime(createdAt).slice(0, 10)}  ${scopes.join('+')}  ${limits}  ${name}`
}

if (import.meta.main) await keys.start(process.argv.slice(2))
