import {
  downloadSites,
  type DownloadSite,
  type DownloadTokens,
  type TokenPlace,
} from '../../../shared/models/downloads.ts'
import { StudioError } from '../../../shared/errors.ts'

/** Keeps secrets encrypted, with a key that the system guards. */
export interface SecretKeeper {
  /** Whether the system has such a key: else nothing is kept. */
  isAvailable(): Promise<boolean>
  read(name: string): Promise<string | null>
  write(name: string, secret: string | null): Promise<void>
}

/** The tokens of the sites. They are in memory or with the keeper, and never in a file, a message or an event. */
export interface Tokens {
  get(site: DownloadSite): Promise<string | null>
  /** Throws `bad-request` for what is no token, without repeating it. */
  set(site: DownloadSite, token: string | null): Promise<void>
  describe(): Promise<DownloadTokens>
}

const variables: Readonly<Record<DownloadSite, readonly string[]>> = {
  huggingface: ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'],
  civitai: ['CIVITAI_TOKEN', 'CIVITAI_API_TOKEN'],
}

/** A token that a person gave counts before one in the environment. */
export function openTokens(
  keeper: SecretKeeper | null,
  environment: NodeJS.ProcessEnv = process.env,
): Tokens {
  const session = new Map<DownloadSite, string>()

  async function find(site: DownloadSite): Promise<{ token: string; place: TokenPlace } | null> {
    const given = session.get(site)
    if (given !== undefined) return { token: given, place: 'session' }
    const kept = await keeper?.read(site).catch(() => null)
    if (kept) return { token: kept, place: 'keychain' }
    const [set] = variables[site].flatMap((name) => environment[name]?.trim() || [])
    return set && isToken(set) ? { token: set, place: 'environment' } : null
  }

  return {
    get: async (site) => (await find(site))?.token ?? null,
    async set(site, given) {
      const token = given?.trim() || null
      if (token !== null && !isToken(token))
        throw new StudioError(
          'bad-request',
          'This is no token: it must be one word of plain letters and signs.',
        )
      session.delete(site)
      if (await keeper?.isAvailable()) await keeper!.write(site, token)
      else if (token !== null) session.set(site, token)
    },
    async describe() {
      const found = await Promise.all(
        downloadSites.map(async (site) => [site, (await find(site))?.place ?? null] as const),
      )
      return {
        places: Object.fromEntries(found) as DownloadTokens['places'],
        areKept: (await keeper?.isAvailable()) ?? false,
      }
    },
  }
}

/** What may stand in a header. */
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,1000}$/.test(text)
