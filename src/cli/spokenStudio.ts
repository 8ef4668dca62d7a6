import type { Notice } from '../shared/notices.ts'
import { sayOpening } from '../shared/opening.ts'
import { openStudio, type Studio, type StudioOptions } from '../studio/studio.ts'

const say = ({ level, message }: Notice): void => void process.stderr.write(`${level}: ${message}\n`)

/** A studio whose notices (a rebuilt database, a fallback to the CPU) are told on stderr. */
export async function openSpokenStudio(options: StudioOptions): Promise<Studio> {
  const studio = await openStudio({
    tell: (opening) => process.stderr.write(`info: ${sayOpening(opening)}\n`),
    ...options,
  })
  const { notices } = await studio.calls.status()
  notices.forEach(say)
  studio.subscribe({ notice: say })
  return studio
}
