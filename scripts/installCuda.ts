// npm run install-cuda: fetches ONNX Runtime's CUDA provider, which is too large for the npm registry (Linux x64).
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { root } from './build.ts'

const installer = path.join(root, 'node_modules', 'onnxruntime-node', 'script', 'install.js')
const { status } = spawnSync(process.execPath, [installer, '--onnxruntime-node-install=cuda12'], {
  stdio: 'inherit',
  env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'cuda12' },
})
process.exitCode = status ?? 1
