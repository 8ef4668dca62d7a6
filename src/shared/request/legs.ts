import type { ImageRecord } from '../library/history.ts'
import type { BranchChange, EarlierLeg } from './branch.ts'
import type { Seed } from './seed.ts'
import type { ResolvedRequest } from './request.ts'

/** A part of a run that is drawn in one way, from one prediction on. */
export interface Leg {
  /** Its first prediction, counted from 0. */
  from: number
  /** As if all of the picture were drawn so. */
  request: ResolvedRequest
  /** The seed that noise is drawn from once it begins; null: as before. */
  laterSeed: Seed | null
}

/** The legs of a request's run, the first one first: one alone where it is no branch. */
export function legsOf(request: ResolvedRequest): Leg[] {
  const { before, laterSeed } = request.branch ?? { before: [], laterSeed: null }
  const from = [0, ...before.map(({ until }) => until)]
  const earlier = before.map(({ until: _, modelHash: _hash, laterSeed: seed, ...own }, i) => {
    return { from: from[i], laterSeed: seed, request: { ...request, ...own, branch: null } }
  })
  return [...earlier, { from: from.at(-1)!, laterSeed, request: { ...request, branch: null } }]
}

/** The request that goes on from a prediction of a picture's run, counted from 0, with something changed. */
export function branchFrom(
  { id, request, model }: Pick<ImageRecord, 'id' | 'request' | 'model'>,
  at: number,
  { laterSeed = null, ...change }: BranchChange,
): ResolvedRequest {
  const legs = [...(request.branch?.before ?? []), lastLeg(request, model.hash)]
  const before = legs
    .filter((_, i) => i === 0 || legs[i - 1].until < at)
    .map((leg) => ({ ...leg, until: Math.min(leg.until, at) }))
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const branch = { imageId: id, before, laterSeed }
  return { ...request, ...Object.fromEntries(given), batchSize: 1, batchPrompts: null, grid: null, branch }
}

const lastLeg = (request: ResolvedRequest, modelHash: string): EarlierLeg => {
  const { prompt, negativePrompt, prompt2, negativePrompt2, guidanceScale, sampler, model } = request
  const laterSeed = request.branch?.laterSeed ?? null
  const said = { prompt, negativePrompt, prompt2, negativePrompt2, guidanceScale, sampler, model }
  return { ...said, modelHash, laterSeed, until: Infinity }
}
