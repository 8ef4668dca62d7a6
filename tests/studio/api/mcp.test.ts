import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { findNodeBinary } from '../../../src/studio/paths.ts'
import { temporaryFolder } from '../fixtures/testStudio.ts'

const command = fileURLToPath(new URL('../../../src/cli/mcp.ts', import.meta.url))

// A process that loads a model: slow where others are busy.
vi.setConfig({ testTimeout: 240_000 })

/** The SDK's own client, and `studio mcp` as it starts it. */
async function open(...options: string[]) {
  const transport = new StdioClientTransport({
    command: findNodeBinary(),
    args: [command, '--data', temporaryFolder(), ...options],
    stderr: 'ignore',
  })
  const client = new Client({ name: 'a test', version: '1' })
  await client.connect(transport)
  onTestFinished(() => client.close())
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const { content, isError = false } = await client.callTool({ name, arguments: args })
    const parts = content as { type: string; text?: string; data?: string }[]
    return {
      isError,
      texts: parts.flatMap(({ text }) => text ?? []),
      picture: parts.find(({ data }) => data)?.data,
    }
  }
  return { client, call }
}

describe('a language model', () => {
  it('draws, finds what it drew, and looks at it', async () => {
    const { client, call } = await open('--allow-generate', '--allow-library')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'generate',
      'list_models',
      'look_at_picture',
      'search_library',
    ])
    for (const { description, inputSchema } of tools) {
      expect(description!.length).toBeGreaterThan(60)
      expect(inputSchema.type).toBe('object')
    }
    expect((await call('list_models')).texts[0]).toContain('"id": "starter"')
    const drawn = await call('generate', { prompt: 'a red house', steps: 1, width: 64, height: 64, seed: 7 })
    expect(drawn.texts[0]).toMatch(/^starter drew it at 64x64 pixels\. /)
    expect(await sharp(Buffer.from(drawn.picture!, 'base64')).metadata()).toMatchObject({
      format: 'webp',
      width: 64,
    })
    const found = await call('search_library', { search: 'red house steps<5' })
    expect(found.texts[0]).toMatch(/^1 found; 1 of them:\n/)
    const { id, seed } = JSON.parse(found.texts[0].split('\n')[1]) as { id: string; seed: number }
    expect(seed).toBe(7)
    expect((await call('look_at_picture', { id })).picture).toBe(drawn.picture)
    expect(await call('look_at_picture', { id: 'nothing' })).toMatchObject({
      isError: true,
      texts: [expect.stringMatching(/^not-found: /)],
    })
    expect((await call('generate', { prompt: 'x', width: 65 })).isError).toBe(true)
  })

  it('is shown only what a person allowed', async () => {
    const { client, call } = await open()
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['list_models'])
    expect(client.getInstructions()).toContain('--allow-generate')
    expect((await call('generate', { prompt: 'x' })).isError).toBe(true)
  })
})
