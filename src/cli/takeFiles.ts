import type { InputImage } from '../shared/library/history.ts'
import type { Studio } from '../studio/studio.ts'
import type { Asked } from './generateOptions.ts'
import { pipe, readStandardInput } from './program/standardInput.ts'

/** A picture that an option names, taken in; "-" is what is piped in. */
export const takeFile = async (studio: Studio, option: string, file: string): Promise<InputImage> =>
  file === pipe ? studio.inputs.add(await readStandardInput(option)) : studio.inputs.addFile(file)

/** The request with the pictures that options name in place of its own. */
export async function takeFiles({ request, init, mask, references, controls }: Asked, studio: Studio) {
  const take = (option: string, file: string): Promise<InputImage> => takeFile(studio, option, file)
  const initImage = init === undefined ? request.initImage : await take('--init', init)
  const painted = mask === undefined ? request.mask : await take('--mask', mask)
  const seen = await Promise.all(
    references.map(async (file) => ({ id: (await take('--reference', file)).id })),
  )
  const steering = await Promise.all(
    controls.map(async ({ file, settings }) => ({
      ...settings,
      image: { id: (await take('--control', file)).id },
    })),
  )
  return {
    ...request,
    initImage,
    mask: painted,
    references: seen.length > 0 ? seen : request.references,
    controls: steering.length > 0 ? steering : request.controls,
  }
}
