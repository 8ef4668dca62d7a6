import { z } from 'zod'
import { applicationVersion } from '../../paths.ts'
import { scopes } from '../apiKeys.ts'
import { eventSchemas } from './eventFeed.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import {
  errorSchema,
  jobSchema,
  modelSchema,
  pictureSchema,
  keptRequestSchema,
  requestBody,
  statusSchema,
} from './schemas.ts'

/** The API as OpenAPI 3.1 describes it (https://spec.openapis.org/oas/v3.1.0), from the very schemas that are checked. */

export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
  required?: string[]
  [keyword: string]: unknown
}

export interface OpenApi {
  openapi: string
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, object> }
  security: Record<string, string[]>[]
}

export interface Described {
  operationId: string
  summary: string
  description: string
  parameters: { name: string; in: string; required: boolean; description?: string; schema: JsonSchema }[]
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema?: JsonSchema }> }>
}

const named = {
  ...{ Status: statusSchema, Job: jobSchema, Picture: pictureSchema, Model: modelSchema },
  ...{ KeptRequest: keptRequestSchema, Error: errorSchema },
}
const refTo = (name: string): string => `#/components/schemas/${name}`

type Direction = 'input' | 'output'

function toJsonSchema(schema: z.ZodType, io: Direction): JsonSchema {
  const written = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
  return JSON.parse(written.replaceAll('#/$defs/', refTo(''))) as JsonSchema
}

/** What is sent to the API, or what it answers; what has a name is referred to. */
function schemaOf(schema: z.ZodType, io: Direction): JsonSchema {
  const { $schema: _, $defs: __, ...own } = toJsonSchema(schema, io)
  return own
}

/** The same of a schema that has a name itself. */
export function namedSchema(schema: z.ZodType, io: Direction): JsonSchema {
  const { $ref = '', $defs = {} } = toJsonSchema(schema, io)
  const { id: _, ...own } = ($defs as Record<string, JsonSchema>)[$ref.replace(refTo(''), '')]
  return own
}

export function describeApi(): OpenApi {
  const paths: OpenApi['paths'] = {}
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latent Studio',
      version: applicationVersion,
      description: `The studio's own API. A key ("studio keys --add NAME") is shown as a bearer token, or as the password of Basic. Its scopes are ${scopes.join(', ')}. The events are also JSON messages of a WebSocket at /api/v1/socket. AUTOMATIC1111's API is answered below /sdapi/v1, OpenAI's Images API below /v1.`,
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: {
        Request: namedSchema(requestBody, 'input'),
        ...Object.fromEntries(
          Object.entries(named).map(([name, schema]) => [name, namedSchema(schema, 'output')]),
        ),
        ...Object.fromEntries(
          Object.entries(eventSchemas).map(([type, schema]) => [`Event.${type}`, schemaOf(schema, 'output')]),
        ),
      },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        password: { type: 'http', scheme: 'basic' },
      },
    },
    security: [{ key: [] }, { password: [] }],
  }
}

const failures: Readonly<Record<number, string>> = {
  400: 'The studio cannot do this; the message says why.',
  401: 'No key, or none of this studio.',
  403: 'The key lacks a scope, which is named.',
  404: 'There is no such thing.',
  413: 'The body is larger than the key may send.',
  422: 'What was sent does not fit; `problems` has all of it, with paths.',
  429: 'Too many calls; Retry-After says in how many seconds to come again.',
}

function describe({ name, summary, scopes, path, query, body, answered }: Operation): Described {
  const { schema, type = 'application/json' } = answered
  const content = { [type]: schema ? { schema: schemaOf(schema, 'output') } : {} }
  const wrong = Object.entries(failures).filter(([status]) => body !== undefined || status !== '413')
  const failed = { 'application/json': { schema: { $ref: refTo('Error') } } }
  return {
    operationId: name,
    summary,
    description: `Needs the scope ${scopes.map((scope) => `"${scope}"`).join(' or ')}.`,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => ({
        ...{ name: id, in: 'path', required: true, schema: { type: 'string' } },
      })),
      ...(query ? parametersOf(query) : []),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: refTo('Request') } } },
      },
    }),
    responses: {
      [answered.status]: { description: answered.description, content },
      ...Object.fromEntries(wrong.map(([status, description]) => [status, { description, content: failed }])),
    },
  }
}

function parametersOf(query: z.ZodType): Described['parameters'] {
  const { properties = {}, required = [] } = schemaOf(query, 'input')
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema },
    ...(description !== undefined && { description }),
  }))
}
