import { spawnSync } from 'node:child_process'

export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0

/** Brings redis-server here as the Debian package, where this is Debian and we are root, and starts no service; says so where it cannot. */
export function installRedis(): void {
  if (hasRedis()) return
  process.stderr.write('There is no redis-server; installing it for the tests of the farm …\n')
  // Debian starts no services in runlevel 1.
  const options = {
    stdio: ['ignore', 2, 2] as ['ignore', 2, 2],
    timeout: 5 * 60_000,
    env: { ...process.env, RUNLEVEL: '1' },
  }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'],
  ])
    spawnSync('apt-get', args, options)
  if (!hasRedis()) process.stdout.write('redis-server could not be installed: the farm is not tested.\n')
}
