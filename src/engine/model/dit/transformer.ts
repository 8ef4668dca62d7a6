import type { NetworkAdapter } from '../../graph/adapters/adaptation.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import type { Dialect } from '../../graph/writing/value.ts'
import type { Latents } from '../../latents.ts'
import type { Tensors } from '../files/weights.ts'
import { graphOver } from '../networks/graphOver.ts'
import type { Target, UnetNetwork } from '../networks/networks.ts'
import { openSession, type Session } from '../runtime/session.ts'

type Size = Pick<Latents, 'height' | 'width'>

/** What it draws and looks at, in latents, and the tokens of its text. */
export interface TransformerSize extends Size {
  /** A multiple of 32. */
  text: number
  references: readonly Size[]
}

/** A transformer that draws, as it lies on disk, and how it is asked. */
export interface Transformer {
  tensors: Tensors
  /** Numbers of a row of text. */
  textWidth: number
  /** Channels of the latents it works on. */
  channels: number
  /** Latents of a token along one side. */
  patch: number
  /** Height and width in latents. */
  open(size: Size, target: Target, adapters?: readonly NetworkAdapter[]): UnetNetwork
  write(graph: Graph, size: TransformerSize): void
}

/** Feed-forward layers of transformers overflow in half precision. */
export const transformerPrecision = 'float32'

/** Weights, in bytes of float32, from which on a network on the CPU leaves them in its file and widens them in every run. */
const heavy = 2 ** 28

/** How a network of these tensors is computed. `turbo` is for large ones alone. */
export function dialectFor(
  { elements }: Tensors,
  { device, dialect, turbo }: Pick<Target, 'device' | 'dialect' | 'turbo'>,
): Dialect {
  const wide: Dialect = { ...dialect, precision: transformerPrecision }
  return device === 'cpu' && 4 * elements > heavy ? { ...wide, widening: 'in the run', turbo } : wide
}

/** Where weights stay in their file, so does the memory that a run takes: nothing of it is kept for the next. */
export const givesBack = ({ widening }: Dialect): boolean => widening === 'in the run'

export interface Sessions {
  /** The session of that name; it is kept for the next run. */
  of(name: string, write: (graph: Graph) => void): Promise<Session>
  release(): Promise<void>
}

/** What decides how a graph is written, beside its size. */
interface SessionForm {
  tensors: Tensors
  dialect: Dialect
  adapters: readonly NetworkAdapter[] | undefined
}

/**
 * Graphs know their sizes: one for each number of tokens, of which a picture has two, with and against its prompt. Another
 * one takes the place of all.
 */
export function keptSessions(
  { tensors, dialect, adapters }: SessionForm,
  { device, tally }: { device: Target['device']; tally: Target['tallies']['unet'] },
): Sessions {
  const kept = new Map<string, Session>()
  const release = async (): Promise<void> => {
    for (const session of kept.values()) await session.release()
    kept.clear()
  }
  return {
    async of(name, write) {
      const known = kept.get(name)
      if (known) return known
      if (kept.size === 2) await release()
      const graph = graphOver(tensors, dialect, adapters)
      write(graph)
      const session = await openSession(graph.encode(), {
        device,
        folder: graph.folder,
        frugal: givesBack(dialect),
        tally,
      })
      kept.set(name, session)
      return session
    },
    release,
  }
}

/** Cosines, then sines, in float64: the angles reach 1000 (Vaswani et al. 2017, section 3.5). */
export function timeSinusoids(time: number, width: number): Float32Array {
  const half = width / 2
  const angle = (i: number): number => time * Math.exp((-Math.log(10_000) * i) / half)
  return Float32Array.from({ length: width }, (_, i) =>
    i < half ? Math.cos(angle(i)) : Math.sin(angle(i - half)),
  )
}
