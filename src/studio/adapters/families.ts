import { StudioError } from '../../shared/errors.ts'
import type { OwnedFile } from '../../shared/ownedFile.ts'

/** Families whose files do not fit each other's models. */
const names: Readonly<Record<string, string>> = {
  sd1: 'Stable Diffusion 1',
  sd2: 'Stable Diffusion 2',
  sdxl: 'SDXL',
  sd3: 'Stable Diffusion 3',
  flux: 'Flux',
}

/** The family without the variants that share their files: inpainting models and the refiner. */
const plainFamily = (family: string): string => family.replace(/-(inpaint|refiner).*$/, '')

/** Whether a file may go with models of a family; where either is not known, it may. */
export function isOfFamily({ family: own }: Pick<OwnedFile, 'family'>, family: string | null): boolean {
  const families = [own, family].map((said) => plainFamily(said ?? ''))
  return families[0] === families[1] || !families.every((one) => Object.hasOwn(names, one))
}

/** Throws `bad-request` for a file that is made for other models. */
export function checkFamily(file: OwnedFile, family: string): void {
  if (isOfFamily(file, family)) return
  const [own, models] = [file.family ?? '', family].map((said) => names[plainFamily(said)])
  const message = `${file.name} is made for ${own}, and the model is ${models}. Leave it out, or choose a model of its family.`
  throw new StudioError('bad-request', message)
}
