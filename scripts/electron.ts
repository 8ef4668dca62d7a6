import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './build.ts'

const folder = path.join(root, 'node_modules', 'electron')

/** The script of the package `electron` that fetches its program. */
export const electronInstaller = path.join(folder, 'install.js')

/** Electron's program, where its package has fetched it. */
export function electronBinary(): string | undefined {
  const pathFile = path.join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = path.join(folder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : undefined
}
