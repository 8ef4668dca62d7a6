import { text, type Given } from './program/options.ts'

/** What leads to a studio with a farm. */
export const farmOptions = {
  studio: text('URL', 'Address of the studio: scheme, host and port.'),
  key: text('KEY', 'A key of it with the scope "work"; else LATENT_STUDIO_KEY says it.'),
}

/** Throws what is wrong with them. */
export function readFarmOptions({ studio, key }: Given<typeof farmOptions>): { studio: string; key: string } {
  if (studio === undefined) throw new Error('--studio: must be given.')
  if (!URL.canParse(studio))
    throw new Error(`--studio: must be an address as http://HOST:PORT, found "${studio}".`)
  const shown = key ?? process.env['LATENT_STUDIO_KEY']
  if (!shown) throw new Error('--key: must be given, or LATENT_STUDIO_KEY be set.')
  return { studio, key: shown }
}
