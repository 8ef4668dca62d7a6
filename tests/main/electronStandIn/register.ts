// node --import …/register.ts out/main/start.js: runs the built main process in plain Node, with the stand-in
// where it imports `electron`.
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./electron.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})
