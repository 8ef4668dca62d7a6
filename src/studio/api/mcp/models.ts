import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Studio } from '../../studio.ts'
import { answered, said } from './answers.ts'

export function addModels(server: McpServer, studio: Studio): void {
  const about = {
    title: 'List models',
    description:
      'Lists the image models of this machine, with the size in pixels that each draws best and prompts that show what it does well. Use an id from here as the "model" of generate.',
    annotations: { readOnlyHint: true, openWorldHint: false },
  }
  server.registerTool('list_models', about, () =>
    answered(async () => {
      const usable = (await studio.calls.models()).filter(({ info }) => info !== null)
      const told = usable.map(({ id, name, info }) => ({
        ...{ id, name, title: info!.title, family: info!.family },
        ...{ width: info!.defaultWidth, height: info!.defaultHeight, steps: info!.defaults.steps ?? null },
        examplePrompts: info!.examplePrompts.slice(0, 3),
      }))
      return [said(JSON.stringify(told, null, 1))]
    }),
  )
}
