/**
 * Other programs' lists and settings. What reads YAML is loaded for the first of them: most people have none. Throws what is wrong
 * with the text.
 */
export async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  return parse(text, { maxAliasCount: 100 })
}
