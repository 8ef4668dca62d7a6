import { StudioError } from '../../shared/errors.ts'
import type { Generation } from '../../shared/library/generation.ts'
import { readTexts } from './containers.ts'
import type { Picture, ProgramReader } from './picture.ts'
import { unpackTexts } from './packedTexts.ts'
import { isPng, pngSize } from './pngText.ts'
import { readA1111 } from './programs/readA1111.ts'
import { readDrawThings } from './programs/readDrawThings.ts'
import { readEasyDiffusion } from './programs/readEasyDiffusion.ts'
import { readComfyPicture } from './programs/readComfyPicture.ts'
import { readInvoke } from './programs/readInvoke.ts'
import { readMidjourney } from './programs/readMidjourney.ts'
import { readNovelAi } from './programs/readNovelAi.ts'
import { readOwn } from './programs/readOwn.ts'
import { readSettings } from './programs/readSettings.ts'
import { readStableDiffusionCpp } from './programs/readStableDiffusionCpp.ts'
import { readSwarm } from './programs/readSwarm.ts'
import { readStealthText } from './stealth.ts'

const longestText = 4 * 1024 * 1024

/** In the order in which they are asked: several programs write under one keyword, and the first that knows its own has it. */
const programs: readonly ProgramReader[] = [
  readOwn,
  readSwarm,
  readDrawThings,
  readStableDiffusionCpp,
  readInvoke,
  readEasyDiffusion,
  readComfyPicture,
  readNovelAi,
  readMidjourney,
  readA1111,
  readSettings,
]

/**
 * How a picture was made, from what the programs of `programs/` left in the file; also from a text file with an
 * infotext or a ComfyUI graph. null for a file that tells nothing. Throws `bad-metadata` for data that is there and
 * cannot be read.
 */
export function readGeneration(file: Buffer): Generation | null {
  return readPrograms(readPicture(file))
}

/**
 * The same from all that a file holds: where its texts tell nothing, from what is hidden in its pixels (see
 * readStealthText).
 */
export async function inspectPicture(file: Buffer): Promise<Generation | null> {
  const generation = readGeneration(file)
  const hidden = generation ? null : await readStealthText(file)
  if (hidden === null) return generation
  const texts = unpackTexts(new Map([['parameters', hidden]]))
  return readPrograms({ texts, isPng: true, size: pngSize(file) })
}

function readPrograms(picture: Picture): Generation | null {
  for (const read of programs) {
    const generation = read(picture)
    if (generation) return generation
  }
  return null
}

function readPicture(file: Buffer): Picture {
  const texts = new Map<string, string>()
  for (const { keyword, text } of readTexts(file)) if (!texts.has(keyword)) texts.set(keyword, text)
  if (texts.size === 0) return { texts: textFile(file), isPng: false, size: undefined }
  const long = [...texts].find(([, text]) => text.length > longestText)
  if (long)
    throw new StudioError(
      'bad-metadata',
      `The text "${long[0]}" in this file is longer than 4 MiB, so it was not read.`,
    )
  return { texts: unpackTexts(texts), isPng: isPng(file), size: pngSize(file) }
}

/** A file that is no picture but text: what would stand in a picture. */
function textFile(file: Buffer): ReadonlyMap<string, string> {
  if (file.length > longestText || file.includes(0) || isPng(file)) return new Map()
  const text = file.toString('utf8')
  const keywords = text.trimStart().startsWith('{') ? ['parameters', 'prompt'] : ['parameters']
  return new Map(keywords.map((keyword) => [keyword, text]))
}
