import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { closeAll } from '../studio/closing.ts'
import { createMcpServer } from '../studio/api/mcp/mcp.ts'
import { command } from './program/command.ts'
import { dataFolder, dataOption, flag } from './program/options.ts'
import { openSpokenStudio } from './spokenStudio.ts'

const longestClosingMs = 20_000

export const mcp = command({
  name: 'mcp',
  summary: 'lets a language model draw and look, as a server of the Model Context Protocol',
  options: {
    'allow-generate': flag('Let it draw pictures, which are kept in the library.'),
    'allow-library': flag(
      'Let it search the library and look at its pictures, which its provider then sees.',
    ),
    data: dataFolder,
  },
  notes: [
    'A program with a language model (Claude Desktop, an editor) starts it and speaks with it over the standard input and output. Without the two options it can only list the models.',
  ],
  examples: ['studio mcp --allow-generate', 'studio mcp --allow-generate --allow-library'],
  read: ({ 'allow-generate': generate = false, 'allow-library': library = false, data }) => ({
    consent: { generate, library },
    data: dataOption(data),
  }),
  async run({ consent, data }) {
    const studio = await openSpokenStudio({ dataFolder: data })
    const server = createMcpServer(studio, consent)
    const end = (): void => void closeAll([() => server.close(), studio.close], longestClosingMs)
    // Who started it ends it by closing the input.
    process.stdin.once('end', end)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
    await server.connect(new StdioServerTransport())
  },
})

if (import.meta.main) await mcp.start(process.argv.slice(2))
