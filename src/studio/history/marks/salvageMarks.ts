import { noMarks, type Marks } from '../../../shared/library/marks.ts'

/** Puts into `marks` what can be read of a damaged database's marks; one of an older version has none. */
export function salvageMarks(
  readAll: (query: string, take: (row: object) => void) => boolean,
  marks: Map<string, Marks>,
): void {
  const stars = `SELECT id, rating, isRejected FROM images JOIN imageFacts USING (row) WHERE rating > 0 OR isRejected > 0`
  readAll(stars, (row) => {
    const { id, rating, isRejected } = row as { id: string; rating: number; isRejected: number }
    marks.set(id, { ...noMarks, rating, isRejected: isRejected === 1 })
  })
  const labels = `SELECT images.id, kind, name FROM images JOIN imageLabels USING (row) JOIN labels ON labels.id = label`
  readAll(labels, (row) => {
    const { id, kind, name } = row as { id: string; kind: 'tag' | 'album'; name: string }
    const known = marks.get(id) ?? noMarks
    const field = kind === 'tag' ? 'tags' : 'albums'
    marks.set(id, { ...known, [field]: [...known[field], name].sort() })
  })
}
