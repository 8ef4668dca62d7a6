import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { safeStorage } from 'electron'
import type { SecretKeeper } from '../studio/downloads/sites/tokens.ts'
import { writeFileDurably } from '../studio/files.ts'

/**
 * Keeps secrets in a file of a folder, encrypted with the key that the system's keychain guards. Where there is none
 * (a Linux desktop without a wallet, for which Chromium has a key that everybody knows) nothing is kept.
 */
export function keepSecretsIn(folder: string): SecretKeeper {
  const file = path.join(folder, 'secrets.json')
  const known = new Map<string, string | null>()

  async function readAll(): Promise<Record<string, string>> {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
    } catch {
      return {}
    }
  }

  async function decrypt(name: string): Promise<string | null> {
    const { [name]: encrypted } = await readAll()
    if (encrypted === undefined || !(await isKeyGuarded())) return null
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(encrypted, 'base64'))
    return result
  }

  return {
    isAvailable: isKeyGuarded,
    async read(name) {
      // What another key encrypted, that of another machine say, is as good as not there.
      if (!known.has(name)) known.set(name, await decrypt(name).catch(() => null))
      return known.get(name) ?? null
    },
    async write(name, secret) {
      const { [name]: _, ...others } = await readAll()
      const encrypted = secret === null ? null : await safeStorage.encryptStringAsync(secret)
      const all = encrypted ? { ...others, [name]: encrypted.toString('base64') } : others
      await writeFileDurably(file, `${JSON.stringify(all)}\n`, randomUUID())
      known.set(name, secret)
    },
  }
}

async function isKeyGuarded(): Promise<boolean> {
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return false
  return safeStorage.isAsyncEncryptionAvailable().catch(() => false)
}
