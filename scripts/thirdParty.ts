import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

/** The file of the built window that names everybody else's work in the app, and on which terms it is used. */
const noticesFile = 'third-party-licences.txt'

/** Folders of the packages whose code has been bundled so far: the parts of the app are built one after the other. */
const bundled = new Set<string>()

/**
 * Notes which packages are bundled; with `write`, in the last part, writes the licences and notices of all that ship.
 * `root` is the folder of the project.
 */
export function thirdPartyNotices(root: string, { write = false } = {}): Plugin {
  return {
    name: 'third-party-notices',
    apply: 'build',
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const folder = packageFolder(id)
        if (folder) bundled.add(folder)
      }
    },
    generateBundle() {
      if (!write) return
      const source = notices([...bundled, ...shippedPackages(root)], path.join(root, 'resources', 'licences'))
      this.emitFile({ type: 'asset', fileName: noticesFile, source })
    },
  }
}

/** Folder of the package that a module belongs to; undefined for our own and for those that are made up. */
function packageFolder(id: string): string | undefined {
  const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1]
  return folder && existsSync(path.join(folder, 'package.json')) ? folder : undefined
}

/** Packages that ship as they are installed (those of the lock file that are no tools), and Electron itself. */
function shippedPackages(root: string): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  return Object.entries(lock.packages)
    .filter(([place, { dev }]) => place !== '' && (!dev || place === 'node_modules/electron'))
    .map(([place]) => path.join(root, place))
    .filter((folder) => existsSync(path.join(folder, 'package.json')))
}

interface Package {
  name: string
  version: string
  licence: string
  homepage: string
  texts: string[]
}

/** The licences and notices of packages in these folders, by name, as a text for people. */
function notices(folders: readonly string[], licencesFolder: string): string {
  const packages = new Map(folders.map(readPackage).map((found) => [`${found.name} ${found.version}`, found]))
  const sorted = [...packages].sort(([one], [other]) => one.localeCompare(other, 'en'))
  const parts = sorted.map(([title, { licence, homepage, texts }]) =>
    [rule, title, `Licence: ${licence}`, homepage, ...texts].filter(Boolean).join('\n\n'),
  )
  const isLesser = sorted.some(([, { licence }]) => licence.includes('LGPL-3.0'))
  return [introduction, ...parts, ...(isLesser ? lesserTexts(licencesFolder) : [])].join('\n\n') + '\n'
}

const rule = '='.repeat(80)
const introduction = `Latent Studio is made with the work of many others. These are the packages in it, and the terms on which they are
used. Electron is made with Chromium, whose notices lie beside the program as LICENSES.chromium.html. The notices of what
ONNX Runtime is made with are at https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt.`

function readPackage(folder: string): Package {
  const { name, version, license, homepage, repository } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  ) as {
    name: string
    version: string
    license?: string
    homepage?: string
    repository?: string | { url: string }
  }
  const source = typeof repository === 'string' ? repository : (repository?.url ?? '')
  return {
    name,
    version,
    licence: license ?? 'see below',
    homepage: homepage ?? source,
    texts: textsOf(folder),
  }
}

/** Licence and notice files of a package; of one that has none what it says of itself. */
function textsOf(folder: string): string[] {
  const names = readdirSync(folder)
  const own = names.filter((name) => /^(licen[cs]e|copying|notice|third.?party)/i.test(name))
  // The package "node" has its program, and the licence of that, in a package inside of it.
  const inner = globSync('node_modules/*/LICENSE', { cwd: folder })
  const found = [...own, ...inner]
  const readme = names.filter((name) => /^readme\.md$/i.test(name))
  return (found.length > 0 ? found : readme).map((name) =>
    readFileSync(path.join(folder, name), 'utf8').trim(),
  )
}

/** The GNU licences, which libraries in sharp's package are under without bringing the text. */
const lesserTexts = (folder: string): string[] =>
  ['LGPL-3.0', 'GPL-3.0'].flatMap((name) => [
    rule,
    readFileSync(path.join(folder, `${name}.txt`), 'utf8').trim(),
  ])
