import { StudioError } from '../../shared/errors.ts'
import { familyName, isOfFamily } from '../../shared/models/families.ts'
import type { OwnedFile } from '../../shared/models/ownedFile.ts'

/** Throws `bad-request` for a file that is made for other models. */
export function checkFamily(file: OwnedFile, family: string): void {
  if (isOfFamily(file, family)) return
  const message = `${file.name} is made for ${familyName(file.family)}, and the model is ${familyName(family)}. Leave it out, or choose a model of its family.`
  throw new StudioError('bad-request', message)
}
