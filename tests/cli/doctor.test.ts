import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { safetensorsBytes } from '../engine/model/safetensorsFile.ts'

const command = fileURLToPath(new URL('../../src/cli/doctor.ts', import.meta.url))
const starter = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const doctor = (...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...words], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

describe('doctor on the command line', () => {
  it('prints one object and exits 0 for a model that can be opened', async () => {
    const { code, stdout } = await doctor(starter, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'checkpoint',
      layout: 'diffusers',
      problems: [],
      hashes: null,
    })
  })

  it('exits 1 for what is no model, says what it is, and hashes it', async () => {
    const path = join(folder, 'style.safetensors')
    await writeFile(
      path,
      safetensorsBytes({ 'lora_unet_x.lora_down.weight': { dtype: 'F16', shape: [4, 8] } }),
    )
    const { code, stdout } = await doctor(path, '--hash', '--json')
    expect(code).toBe(1)
    const examination = JSON.parse(stdout) as { kind: string; hashes: { sha256: string; autoV2: string } }
    expect(examination.kind).toBe('lora')
    expect(examination.hashes.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(examination.hashes.autoV2).toBe(examination.hashes.sha256.slice(0, 10))
  })

  it('exits 1 for a path where nothing is, and 2 without one', async () => {
    expect(await doctor(join(folder, 'nowhere'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error not-found: /) as string,
    })
    expect(await doctor()).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') as string })
  })
})
