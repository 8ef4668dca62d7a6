import type { Plugin } from 'vite'

/**
 * What the first page needs, in a file for each of its two tasks (`renderer/main.ts`) with all that they import: else it is
 * some thirty-five files, shared out among the pages that come later.
 */
const tasks = [
  { name: 'request', test: /shared\/request\/request\.ts$/, priority: 2 },
  { name: 'window', test: /renderer\/window\.ts$/, priority: 1 },
]

/** Vite's own way to load files stays out of them, or they would be one task again. */
const loading = { name: 'loading', test: /vite\/preload-helper/, priority: 3 }

export const firstPageGroups = [loading, ...tasks]

/** Both files are asked for at once, by the page itself. */
export const firstPagePreloads = (): Plugin => ({
  name: 'first-page-preloads',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      tasks.map(({ name }) => {
        const chunk = Object.values(bundle).find((output) => output.name === name && output.type === 'chunk')
        if (!chunk) throw new Error(`The build made no file "${name}" for the first page.`)
        const attrs = { rel: 'modulepreload', crossorigin: true, href: `./${chunk.fileName}` }
        return { tag: 'link', attrs, injectTo: 'head' as const }
      }),
  },
})
