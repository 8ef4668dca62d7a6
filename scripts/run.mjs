// Every command of package.json that may come first in a fresh clone goes through here, on whatever Node the
// machine has: it installs what is missing (words about that go to stderr) and hands over to the Node that npm's
// `node` package brings.   node scripts/run.mjs FILE [ARGUMENT…]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const windows = process.platform === 'win32'
const bundledNode = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')

checkSystemNode()
if (!allInstalled()) install()
if (!existsSync(bundledNode)) installNode()
handOver(process.argv.slice(2))

function checkSystemNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  giveUp(`Latent Studio needs Node 20.19 or newer to set itself up; this is Node ${process.versions.node}.`)
}

/** Whether node_modules holds every package of the lock file, in that version, for this platform. */
function allInstalled() {
  const wanted = readLock('package-lock.json')
  const present = readLock('node_modules/.package-lock.json')
  return Object.entries(wanted).every(
    ([place, { version, optional }]) => place === '' || optional || present[place]?.version === version,
  )
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
  } catch {
    return {}
  }
}

function install() {
  const fresh = !existsSync(path.join(root, 'node_modules'))
  process.stderr.write('Installing what is missing (once; a minute or two) …\n')
  if (npm(fresh ? ['ci'] : ['install', '--no-save'])) return
  giveUp('npm could not install the packages; its words are above. Is the npm registry reachable?')
}

/** The `node` package puts its binary in place in an install script: the only one that may run. */
function installNode() {
  npm(['rebuild', 'node', '--ignore-scripts=false'])
  if (!existsSync(bundledNode)) giveUp('The Node of npm’s `node` package could not be installed; see above.')
}

/** Runs npm with its words on stderr; true when it succeeded. */
function npm(args) {
  const cli = process.env.npm_execpath
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []]
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: windows && command === 'npm' }
  return spawnSync(command, [...first, ...args, '--loglevel=error'], options).status === 0
}

function handOver([file, ...args]) {
  const paths = [path.dirname(bundledNode), path.join(root, 'node_modules', '.bin'), process.env.PATH]
  const env = {
    // Programs are read and compiled once, not at every start of one.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'compiled'),
    ...process.env,
    PATH: paths.join(path.delimiter),
  }
  const child = spawn(bundledNode, [path.join(root, file), ...args], { stdio: 'inherit', env })
  // Ctrl+C reaches the child by itself; this process only stays until the child has ended.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
  if (process.env.npm_execpath) endWithParent(child)
}

/** npm, when it is told to end, does not pass that on: a server would be left behind. */
function endWithParent(child) {
  const parent = process.ppid
  setInterval(() => process.ppid === parent || child.kill(), 500).unref()
}

function giveUp(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
