import type { Edit } from '../../shared/request/edit.ts'

/** "rotate 90; straighten 1.5; crop 512x384+10+20; levels 10 1.2 240": how an edit stands in an infotext. */
export function printEdit({ turns, straighten, crop, levels }: Edit): string {
  return [
    turns > 0 && `rotate ${turns * 90}`,
    straighten !== 0 && `straighten ${straighten}`,
    crop && `crop ${crop.width}x${crop.height}+${crop.left}+${crop.top}`,
    levels && `levels ${levels.black} ${levels.gamma} ${levels.white}`,
  ]
    .filter((part) => part !== false && part !== null)
    .join('; ')
}
