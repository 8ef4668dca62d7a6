import { assetPaths } from '../../../shared/assetPaths.ts'
import type { InputImage } from '../../../shared/library/history.ts'
import { StudioError, type ErrorRecord } from '../../../shared/errors.ts'

/** Names of files that the studio takes in: drawings (SVG) and others that `image/*` would offer are refused. */
export const pictureFiles = '.png,.jpg,.jpeg,.webp,.avif,.gif,.bmp,.tif,.tiff'

/** Has the studio keep a picture from a file. Throws what is wrong with it. */
export const upload = (file: Blob): Promise<InputImage> => send<InputImage>(assetPaths.inputs, file)

/** Posts a file and reads the answer. Throws the coded error that the studio answers. */
export async function send<Answer extends object>(path: string, body: Blob): Promise<Answer> {
  const answer = await fetch(path, { method: 'POST', body }).catch(() => {
    throw new StudioError('disconnected', 'The studio does not answer; the file was not taken in.')
  })
  const result = (await answer.json()) as Answer | ErrorRecord
  if ('code' in result) throw new StudioError(result.code, result.message)
  return result
}
