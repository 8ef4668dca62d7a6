import { expect, test } from 'vitest'
import { importProblem } from '../../scripts/importTable.ts'

test.each([
  ['engine/pipeline.ts', './latents.ts'],
  ['engine/pipeline.ts', '../shared/request/request.ts'],
  ['engine/model/model.ts', '../graph/unet/unet.ts'],
  ['engine/model/runtime/session.ts', 'onnxruntime-node'],
  ['studio/server.ts', 'node:http'],
  ['studio/pictures/images.ts', 'sharp'],
  ['main/start.ts', '../studio/studio.ts'],
  ['renderer/components/bar/TopBar.vue', '../../../shared/calls/contract.ts'],
  ['renderer/components/bar/TopBar.vue', '@vueuse/core'],
  ['renderer/lab/training/algorithms.ts', '../../../engine/samplers/ddpm.ts?raw'],
  ['renderer/lab/training/algorithms.ts', '../../../../training/ddpm.py?raw'],
])('src/%s may import %s', (file, specifier) => {
  expect(importProblem(file, specifier)).toBeUndefined()
})

test.each([
  ['shared/rpc.ts', '../studio/studio.ts', 'src/shared may not import from studio'],
  ['shared/rpc.ts', 'node:fs', 'src/shared may not use the package node:fs'],
  ['engine/graph/unet/unet.ts', '../../latents.ts', 'src/engine/graph may not import from engine'],
  [
    'engine/model/model.ts',
    'onnxruntime-node',
    'only src/engine/model/runtime/session.ts may use the package onnxruntime-node',
  ],
  ['studio/studio.ts', '../engine/engine.ts', 'src/studio may not import from engine'],
  ['studio/queue.ts', 'electron', 'src/studio may not use the package electron'],
  ['renderer/studio.ts', '../studio/studio.ts', 'src/renderer may not import from studio'],
  ['renderer/studio.ts', 'vuex', 'src/renderer may not use the package vuex'],
  ['cli/generate.ts', '../main/start.ts', 'src/cli may not import from main'],
  ['main/start.ts', '../../scripts/build.ts', 'src/main may not import from the outside of src'],
])('src/%s may not import %s', (file, specifier, problem) => {
  expect(importProblem(file, specifier)).toBe(problem)
})
