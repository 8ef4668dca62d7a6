/** JSON as people write it, made plain: a comma may follow the last entry of an object or an array. */
export const withoutLastCommas = (text: string): string =>
  text.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1')
