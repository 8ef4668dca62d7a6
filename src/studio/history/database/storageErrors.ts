import { errorCodes, StudioError, type ErrorCode } from '../../../shared/errors.ts'

const codes: Record<string, ErrorCode> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EIO: 'disk-full',
  SQLITE_FULL: 'disk-full',
  SQLITE_IOERR: 'disk-full',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
  ENOTDIR: 'read-only',
  EISDIR: 'read-only',
  SQLITE_READONLY: 'read-only',
  SQLITE_CANTOPEN: 'read-only',
  SQLITE_PERM: 'read-only',
  SQLITE_BUSY: 'database-locked',
  SQLITE_LOCKED: 'database-locked',
  SQLITE_CORRUPT: 'corrupt-database',
  SQLITE_NOTADB: 'corrupt-database',
}

const advice: Partial<Record<ErrorCode, string>> = {
  'disk-full': 'The disk is full or fails. Free some space, then try again',
  'read-only': 'It cannot be written. Allow writing there or choose another folder',
  'database-locked':
    'Another program keeps the database locked. Close what has it open (a database browser, a backup), then try again',
  'corrupt-database': 'The database is damaged. Restart Latent Studio to have it rebuilt from the images',
}

/** Turns what the file system or SQLite throws into a coded error that names the file; leaves others as they are. */
export function storageError(error: unknown, path: string): unknown {
  const cause = (error as { code?: unknown } | null)?.code
  if (typeof cause !== 'string' || errorCodes.includes(cause as ErrorCode)) return error
  const known = Object.keys(codes).find((prefix) => cause === prefix || cause.startsWith(`${prefix}_`))
  const code = known && codes[known]
  if (!code) return error
  const what =
    cause === 'ENOTDIR' ? 'A part of this path is a file, not a folder. Choose another' : advice[code]
  return new StudioError(code, `${path}: ${what} (${cause}).`, { cause: error })
}
