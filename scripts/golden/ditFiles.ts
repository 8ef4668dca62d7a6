import { basename } from 'node:path'
import { headerKind, type DeclinedCase, type GoldenFile, type GoldenKind } from './kind.ts'

/** What belongs to forms of files that this version does not open. */
export const notRunYet: GoldenKind = {
  recognises: (file) =>
    /single-file layout/.test(headerKind(file)) ||
    /^checkpoint key lists: (qwen3|zimage|vae_flux|flux2)/.test(headerKind(file)),
  run: (file) => declinedFile(file),
}

async function* declinedFile(file: GoldenFile): AsyncGenerator<DeclinedCase> {
  yield { name: basename(file.path), reason: `not opened by this version: ${headerKind(file)}` }
}
