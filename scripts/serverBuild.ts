import { defineConfig } from 'vite'

/**
 * The server as a few files, which are read in half the time that its sources take. Packages stay where they are installed, but
 * for zod, which is many files.
 */
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: ['zod'] },
  build: { ssr: 'src/cli/serve.ts', outDir: 'out/cli', target: 'node24', emptyOutDir: true },
})
