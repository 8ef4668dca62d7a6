import type { Described, JsonSchema, OpenApi } from './openApi.ts'

/** The API as a page to read: plain HTML, with nothing that has to be fetched or run. */
export function pageOf({ info, paths, components, servers: [{ url }] }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationHtml(method, `${url}${path}`, described)),
  )
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<section id="${text(name)}"><h3>${text(name)}</h3>${schemaHtml(schema)}</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} API ${text(info.version)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text(info.title)} API ${text(info.version)}</h1>
<p>${text(info.description)}</p>
<p><a href="${url}/openapi.json">The same as OpenAPI 3.1</a></p>
<h2>Operations</h2>
${operations.join('\n')}
<h2>Schemas</h2>
${schemas.join('\n')}
</main>
</body>
</html>
`
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.5rem 0 }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em }
pre { overflow-x: auto; white-space: pre-wrap }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0 }
`

function operationHtml(method: string, path: string, described: Described): string {
  const { operationId, summary, description, parameters, requestBody, responses } = described
  const rows = parameters.map(
    ({ name, in: place, description: told = '', schema }) =>
      `<tr><td><code>${text(name)}</code></td><td>${place}</td><td>${text(typeOf(schema))}</td><td>${text(told)}</td></tr>`,
  )
  const answers = Object.entries(responses).map(
    ([status, { description: told, content = {} }]) =>
      `<tr><td><code>${status}</code></td><td>${Object.entries(content)
        .map(([type, { schema }]) => (schema ? linkTo(schema) : text(type)))
        .join(', ')}</td><td>${text(told)}</td></tr>`,
  )
  const body = Object.values(requestBody?.content ?? {}).map(({ schema }) => `<p>Body: ${linkTo(schema)}</p>`)
  return `<section id="${text(operationId)}">
<h3><code>${method.toUpperCase()} ${text(path)}</code></h3>
<p>${text(summary)} ${text(description)}</p>
${rows.length > 0 ? `<table><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>` : ''}
${body.join('')}
<table><thead><tr><th>Status</th><th>Body</th><th></th></tr></thead><tbody>${answers.join('')}</tbody></table>
</section>`
}

function schemaHtml(schema: JsonSchema): string {
  const { description = '', properties, required = [] } = schema
  if (!properties) return `<p>${text(description || typeOf(schema))}</p>`
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `<tr><td><code>${text(name)}</code>${required.includes(name) ? '' : ' (may be left out)'}</td><td>${text(typeOf(property))}</td><td>${text(property.description ?? '')}</td></tr>`,
  )
  return `<p>${text(description)}</p><table><thead><tr><th>Field</th><th>Type</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>
<details><summary>JSON Schema</summary><pre>${text(JSON.stringify(schema, null, 2))}</pre></details>`
}

const nameOf = ({ $ref = '' }: JsonSchema): string => $ref.replace('#/components/schemas/', '')

function linkTo(schema: JsonSchema): string {
  const name = nameOf(schema)
  return name === '' ? text(typeOf(schema)) : `<a href="#${text(name)}">${text(name)}</a>`
}

/** A type in few words. */
function typeOf(schema: JsonSchema): string {
  const { $ref, anyOf, type, items, enum: values, minimum, maximum, default: usual, properties } = schema
  if ($ref) return nameOf(schema)
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (Array.isArray(values))
    return values.length > 12 ? 'a name' : values.map((value) => JSON.stringify(value)).join(' or ')
  if (items) return `list of ${typeOf(items)}`
  const range =
    isBound(minimum) || isBound(maximum)
      ? ` ${isBound(minimum) ? `from ${minimum}` : ''}${isBound(maximum) ? ` to ${maximum}` : ''}`
      : ''
  const told = usual === undefined ? '' : `, ${JSON.stringify(usual)} where nothing is said`
  if (properties)
    return `{ ${Object.entries(properties)
      .map(([name, property]) => `${name}: ${typeOf(property)}`)
      .join(', ')} }${told}`
  return `${String(type ?? 'any')}${range}${told}`
}

const isBound = (bound: unknown): bound is number =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER

const text = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
