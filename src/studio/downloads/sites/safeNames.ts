import { StudioError } from '../../../shared/errors.ts'
import { saying, told } from '../../../shared/notices.ts'

/** Names that other programs and sites gave, as names of files that every system takes. */
export function safeName(name: string): string {
  const plain = name
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(-200)
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain)
  return plain === '' ? 'model' : isReserved ? `_${plain}` : plain
}

/** A path in a repository as it is; throws `bad-download` for one that would lead elsewhere. */
export function safePath(path: string): string {
  const isSafe = path.split('/').every((part) => part !== '' && safeName(part) === part)
  if (isSafe) return path
  throw new StudioError('bad-download', told(saying('linkFileName', { path: JSON.stringify(path) })))
}
