import type { OwnedFile } from './ownedFile.ts'

/** Families whose files do not fit each other's models. */
const names: Readonly<Record<string, string>> = {
  sd1: 'Stable Diffusion 1',
  sd2: 'Stable Diffusion 2',
  sdxl: 'SDXL',
  sd3: 'Stable Diffusion 3',
  flux: 'Flux',
  'z-image': 'Z-Image',
  'flux2-klein': 'FLUX.2 klein',
  flux2: 'FLUX.2 dev',
  chroma: 'Chroma',
  'qwen-image': 'Qwen-Image',
  lumina2: 'Lumina 2',
  anima: 'Anima',
  hidream: 'HiDream',
  cosmos: 'Cosmos',
  krea2: 'Krea 2',
  auraflow: 'AuraFlow',
  omnigen2: 'OmniGen2',
  kandinsky5: 'Kandinsky 5',
  pixart: 'PixArt',
  'stable-cascade': 'Stable Cascade',
  wan: 'Wan (video)',
  'hunyuan-video': 'HunyuanVideo',
  'ltx-video': 'LTX-Video',
  mochi: 'Mochi (video)',
}

/** The family without the variants that share their files: inpainting models and the refiner. */
const plainFamily = (family: string | null): string => (family ?? '').replace(/-(inpaint|refiner).*$/, '')

/** What people call a family. */
export const familyName = (family: string | null): string => names[plainFamily(family)] ?? family ?? ''

/** The same with its variant: "SDXL refiner". */
export const familyTitle = (family: string): string =>
  familyName(family) + family.slice(plainFamily(family).length).replace('-', ' ')

/** Whether a file may go with models of a family; where either is not known, it may. */
export function isOfFamily({ family: own }: Pick<OwnedFile, 'family'>, family: string | null): boolean {
  const families = [own, family].map(plainFamily)
  return families[0] === families[1] || !families.every((one) => Object.hasOwn(names, one))
}
