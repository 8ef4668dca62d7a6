import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { applicationVersion } from '../../paths.ts'
import type { Studio } from '../../studio.ts'
import { addGenerating } from './generating.ts'
import { addLibrary } from './library.ts'
import { addModels } from './models.ts'

/** What a person allows a language model; what is not allowed is no tool that it sees. */
export interface Consent {
  generate: boolean
  library: boolean
}

/**
 * The studio as tools of the Model Context Protocol (https://modelcontextprotocol.io). They draw into the library and look at
 * it; nothing is changed or deleted.
 */
export function createMcpServer(studio: Studio, consent: Consent): McpServer {
  const server = new McpServer(
    { name: 'latent-studio', title: 'Latent Studio', version: applicationVersion },
    { instructions: instructionsFor(consent) },
  )
  addModels(server, studio)
  if (consent.generate) addGenerating(server, studio)
  if (consent.library) addLibrary(server, studio)
  return server
}

function instructionsFor({ generate, library }: Consent): string {
  const closed = [
    ...(generate ? [] : ['Drawing was not allowed by the person (--allow-generate).']),
    ...(library ? [] : ['Looking at the library was not allowed by the person (--allow-library).']),
  ]
  return [
    'Pictures are drawn by diffusion models on this machine; one takes seconds to minutes.',
    ...closed,
  ].join(' ')
}
