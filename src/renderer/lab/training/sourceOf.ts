/**
 * A function as it stands in a source of Python or TypeScript, with what belongs to it: from its first line up to the
 * next line that is not deeper, and a closing brace. Lines begin where the first one does. Throws where there is none.
 */
export function sourceOf(source: string, name: string): string {
  const lines = source.split('\n')
  const first = lines.findIndex((line) => new RegExp(`^ *(def|function|export const) ${name}\\b`).test(line))
  if (first < 0) throw new Error(`There is no function ${name} in this source.`)
  const depth = depthOf(lines[first])
  const after = lines.findIndex((line, i) => i > first && line !== '' && depthOf(line) <= depth)
  const end = after < 0 ? lines.length : after + (lines[after].trim() === '}' ? 1 : 0)
  const own = lines.slice(first, end).map((line) => line.slice(depth))
  return own.join('\n').trimEnd()
}

const depthOf = (line: string): number => line.length - line.trimStart().length
