import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Descent, Lineage } from '../../../shared/library/lineage.ts'

/** A picture's place in the drawing of a lineage: generations from left to right, the oldest on top. */
export interface LineageNode {
  image: ImageRecord
  column: number
  row: number
}

export interface LineageEdge {
  from: LineageNode
  to: LineageNode
  how: Descent
}

/** Places every picture one column behind the latest of those it came from, and under what is there already. */
export function lineageTree({ images, links }: Lineage): { nodes: LineageNode[]; edges: LineageEdge[] } {
  const nodes = new Map<string, LineageNode>()
  const heights: number[] = []
  // Oldest first: what a picture came from has its place before it.
  for (const image of images) {
    const parents = links.filter(({ childId }) => childId === image.id)
    const column = Math.max(-1, ...parents.map(({ parentId }) => nodes.get(parentId)?.column ?? -1)) + 1
    const beside = Math.max(0, ...parents.map(({ parentId }) => nodes.get(parentId)?.row ?? 0))
    const row = Math.max(heights[column] ?? 0, beside)
    heights[column] = row + 1
    nodes.set(image.id, { image, column, row })
  }
  const edges = links.flatMap(({ parentId, childId, how }) => {
    const [from, to] = [nodes.get(parentId), nodes.get(childId)]
    return from && to ? [{ from, to, how }] : []
  })
  return { nodes: [...nodes.values()], edges }
}
