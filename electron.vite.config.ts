import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { firstPageGroups, firstPagePreloads } from './scripts/firstPage.ts'
import { thirdPartyNotices } from './scripts/thirdParty.ts'

const target = 'node24'
const root = import.meta.dirname

/**
 * One build makes what Electron and a packaged app run: the window's three parts, and beside them the engine for plain
 * Node with its threads, and the threads that work on a database. Packages under "dependencies" stay outside (native code, and the Node binary); all others are bundled.
 */
export default defineConfig({
  main: {
    plugins: [thirdPartyNotices(root)],
    build: {
      outDir: 'out',
      emptyOutDir: false,
      target,
      rollupOptions: {
        input: {
          'main/start': 'src/main/start.ts',
          'engine/main': 'src/engine/main.ts',
          'engine/sessionThread': 'src/engine/model/runtime/sessionThread.ts',
          'engine/roundingThread': 'src/engine/model/runtime/roundingThread.ts',
          'studio/checkDatabase': 'src/studio/history/database/checkDatabase.ts',
          'studio/bringUpDatabase': 'src/studio/history/database/bringUpDatabase.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  preload: {
    plugins: [thirdPartyNotices(root)],
    build: {
      outDir: 'out/preload',
      target,
      rollupOptions: {
        input: 'src/preload/preload.ts',
        // A sandboxed preload script is loaded as CommonJS.
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue(), firstPagePreloads(), thirdPartyNotices(root, { write: true })],
    // What the window does not use of its libraries. Messages are read by `locales/messages.ts`.
    define: {
      __VUE_OPTIONS_API__: false,
      __VUE_I18N_FULL_INSTALL__: false,
      __VUE_I18N_LEGACY_API__: false,
      __INTLIFY_DROP_MESSAGE_COMPILER__: true,
      __INTLIFY_PROD_DEVTOOLS__: false,
    },
    build: {
      outDir: 'out/renderer',
      // The same page is served to browsers of any make.
      target: 'es2023',
      chunkSizeWarningLimit: 1024,
      minify: true,
      // The page may load fonts from its own address only, not from data URLs.
      assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined),
      rollupOptions: {
        input: 'src/renderer/index.html',
        output: { codeSplitting: { groups: firstPageGroups } },
      },
    },
  },
})
