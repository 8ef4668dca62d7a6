import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { Studio } from '../../studio.ts'
import { answered, described, said, smallPicture } from './answers.ts'

const looking = { readOnlyHint: true, openWorldHint: false }

export function addLibrary(server: McpServer, studio: Studio): void {
  const searching = {
    title: 'Search the library',
    description:
      'Finds pictures of the person\u2019s library by words of their prompts and by parameters: "house", "steps>30", "model:starter", "negative:blurry", "rating>=4"; an empty search finds the newest. Answers ids, prompts and settings; look_at_picture shows one.',
    inputSchema: {
      search: z.string().max(1000).default('').describe('Words, and parameters such as steps>30.'),
      limit: z.number().int().min(1).max(50).default(10).describe('How many of the newest that match.'),
    },
    annotations: looking,
  }
  server.registerTool('search_library', searching, ({ search, limit }) =>
    answered(async () => {
      const { items, total } = await studio.calls.history({ search, limit })
      const count = `${total} found; ${items.length} of them:`
      return [said([count, ...items.map(described)].join('\n'))]
    }),
  )
  const showing = {
    title: 'Look at a picture',
    description:
      'Shows a picture of the person\u2019s library, small, and how it was made. Take its id from search_library or generate.',
    inputSchema: { id: z.string().min(1).max(200).describe('The id of a picture.') },
    annotations: looking,
  }
  server.registerTool('look_at_picture', showing, ({ id }) =>
    answered(async () => {
      const picture = await studio.calls.image(id)
      return [said(described(picture)), await smallPicture(studio, picture)]
    }),
  )
}
