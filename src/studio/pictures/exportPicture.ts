import type { ImageRecord } from '../../shared/library/history.ts'
import { StudioError } from '../../shared/errors.ts'
import { convert, convertToAvif, convertToPng } from './images.ts'
import { readTexts, withTexts } from '../metadata/containers.ts'
import { imageMetadata, type EmbeddedRecord } from '../metadata/imageMetadata.ts'
import { isPng } from '../metadata/pngText.ts'

/** Endings of file names, and what is written under each. */
export const exportFormats = { png: 'png', jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp', avif: 'avif' } as const
export type ExportFormat = (typeof exportFormats)[keyof typeof exportFormats]

/**
 * A finished picture in another format, its generation data in the EXIF as AUTOMATIC1111 writes it; of an imported picture that
 * is the data of its file. Throws `bad-metadata` where it is longer than a JPEG can hold.
 */
export async function exportPicture(
  picture: Buffer,
  record: EmbeddedRecord & { imported: ImageRecord['imported'] },
  format: ExportFormat,
): Promise<Buffer> {
  if (format === 'png') return isPng(picture) ? picture : convertToPng(picture)
  const texts = record.imported ? readTexts(picture) : imageMetadata(record)
  if (format !== 'avif') return withTexts(await convert(picture, format), texts)
  return convertToAvif(withTexts(await convert(picture, 'webp'), texts))
}

/** The format that the ending of a file's name asks for; PNG without one. Throws `bad-request` for others. */
export function exportFormatOf(ending: string): ExportFormat {
  const name = ending.replace(/^\./, '').toLowerCase()
  if (name === '') return 'png'
  if (Object.hasOwn(exportFormats, name)) return exportFormats[name as keyof typeof exportFormats]
  throw new StudioError(
    'bad-request',
    `Pictures are written as .png, .jpg, .webp or .avif, not as .${name}. Give the file another ending.`,
  )
}
