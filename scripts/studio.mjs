#!/usr/bin/env node
// The program `studio` (npx studio COMMAND, or studio COMMAND after `npm link`).
process.argv.splice(2, 0, 'scripts/studio.ts')
await import('./run.mjs')
