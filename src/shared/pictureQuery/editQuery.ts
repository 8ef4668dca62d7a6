import { printValue } from './completeQuery.ts'
import type { FacetName } from './facets.ts'
import { termsOf, type WrittenTerm } from './parseQuery.ts'
import { findField } from './queryFields.ts'

/** What is chosen of by a click: facets, and folders of imported pictures. */
type ChosenField = FacetName | 'folder'

/** Facets whose values are no names. */
const plainFacets: readonly ChosenField[] = ['size', 'date', 'rating']

/** A value of a facet as a search says it: as a whole, in quotes where it has to be. */
function printTerm(name: ChosenField, value: string): string {
  return `${name}${plainFacets.includes(name) ? ':' : '='}${printValue(value)}`
}

const isOf =
  (name: ChosenField) =>
  (term: WrittenTerm): boolean =>
    term.name !== '' && !term.isNegated && findField(term.name) === name

/** The value that a search chooses of a facet; null: it says nothing of it, or leaves several. */
export function chosenValue(search: string, name: ChosenField): string | null {
  const found = termsOf(search).filter(isOf(name))
  if (found.length !== 1) return null
  const [{ operator }] = found
  if (operator !== '=' && !(operator === ':' && plainFacets.includes(name))) return null
  return found[0].value.replaceAll('"', '')
}

/** The search for what looks like pictures. */
export const similarTo = (ids: readonly string[]): string => `similar:${ids.join(',')}`

/** Whether a search asks for what looks like a picture, and so has its nearest first. */
export const namesSimilar = (search: string): boolean =>
  termsOf(search).some(({ name, isNegated }) => findField(name) === 'similar' && !isNegated)

const markFields = ['rating', 'tag', 'album', 'is']

/** Whether a search asks for something that a person can change of a picture. */
export const namesMarks = (search: string): boolean =>
  termsOf(search).some(({ name }) => markFields.includes(findField(name) ?? ''))

/** The search with another value of a facet, or none; what else it says stays as it is written. */
export function withChosen(search: string, name: ChosenField, value: string | null): string {
  const others = termsOf(search)
    .filter((term) => !isOf(name)(term))
    .map(({ start, end }) => search.slice(start, end))
  return [...others, ...(value === null ? [] : [printTerm(name, value)])].join(' ')
}
