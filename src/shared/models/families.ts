import type { OwnedFile } from './ownedFile.ts'

/** Families whose files do not fit each other's models, and what people call them. */
const names: Readonly<Record<string, string>> = {
  sd1: 'SD 1',
  sd2: 'SD 2',
  sdxl: 'SDXL',
  ddpm: 'DDPM (pixels)',
  sd3: 'SD 3',
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

/** What stands behind a family: variants that share its files. */
const variants: Readonly<Record<string, string>> = { '-refiner': ' refiner', '-inpaint': ' inpainting' }
const ofVariants = new RegExp(Object.keys(variants).join('|'), 'g')

const plainFamily = (family: string | null): string => (family ?? '').replace(ofVariants, '')

/** What people call a family and its variant: "SDXL refiner"; '' where it is not known. */
export const familyName = (family: string | null): string =>
  (names[plainFamily(family)] ?? plainFamily(family)) +
  [...(family ?? '').matchAll(ofVariants)].map(([variant]) => variants[variant]).join('')

/** Whether a file may go with models of a family; where either is not known, it may. */
export function isOfFamily({ family: own }: Pick<OwnedFile, 'family'>, family: string | null): boolean {
  const families = [own, family].map(plainFamily)
  return families[0] === families[1] || !families.every((one) => Object.hasOwn(names, one))
}
