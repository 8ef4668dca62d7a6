import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../scripts/build.ts'

const runner = path.join(root, 'scripts', 'run.mjs')
const run = (...args: string[]) => spawnSync(process.execPath, [runner, ...args], { encoding: 'utf8' })

test('a command runs on the Node that is installed with the packages, which comes first on its path', () => {
  const { version, first } = JSON.parse(run('tests/scripts/fixtures/tell.ts').stdout) as Record<
    string,
    string
  >
  expect(version).toMatch(/^v24\./)
  expect(first).toBe(path.join(root, 'node_modules', 'node', 'bin'))
})

test('a command gets its arguments as they were given, and its exit code comes back', () => {
  const { stdout, status } = run('tests/scripts/fixtures/tell.ts', '--prompt', 'a "red" house', '')
  expect(JSON.parse(stdout)).toHaveProperty('args', ['--prompt', 'a "red" house', ''])
  expect(status).toBe(7)
})

test('with everything installed nothing but the command speaks', () => {
  const { stdout, stderr } = run('tests/scripts/fixtures/tell.ts')
  expect(stdout.trim().split('\n')).toHaveLength(1)
  expect(stderr).toBe('')
})

test('a command ends when the npm that ran it was ended', async () => {
  const endless = `require('child_process').spawn(process.execPath, ${JSON.stringify([runner, 'tests/scripts/fixtures/wait.ts'])}, { stdio: 'inherit' })`
  const npm = spawn(process.execPath, ['-e', endless], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_execpath: 'npm-cli.js' },
  })
  const pid = await new Promise<number>((resolve) =>
    npm.stdout.once('data', (line: Buffer) => resolve(Number(line))),
  )
  npm.kill('SIGKILL')
  await expect.poll(() => isAlive(pid)).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
