import type { Saying, Told } from './notices.ts'

/**
 * Every way in which something can fail for a person, as a closed list. A code is stable (other programs may
 * match on it); the message beside it says what happened, why, and what to do.
 */
export const errorCodes = [
  'bad-request', // a parameter outside its limits, an unknown sampler, a malformed call
  'bad-init-image', // the picture to start from is missing, truncated or not a picture
  'bad-list', // a file that is no list of tags, wildcards or styles, or one that cannot be taken in
  'bad-metadata', // embedded generation data that cannot be read
  'bad-checkpoint', // a model file whose header or contents are invalid
  'pickle-refused', // .ckpt, .pt, .bin: files that may run code
  'not-a-checkpoint', // a LoRA, an embedding, an upscaler… where a model was asked for
  'does-not-fit', // an adapter, an embedding or a VAE of another family than the model, or no such file at all
  'misplaced-file', // a model file in a folder for files of another kind
  'missing-part', // a model folder without one of its networks
  'missing-weight', // a network without one of its tensors
  'mis-shaped-weight', // a tensor of another shape than the architecture needs
  'unsupported-model', // a family or option this version cannot run
  'not-found', // no such model, image, job or file
  'bad-image', // the result is not a picture: NaN, infinite or constant
  'device-unavailable', // the device asked for is not on this machine
  'out-of-memory',
  'card-too-small', // a run does not fit into the memory of the graphics card, as it was planned
  'engine-crashed', // the engine process ended while it was working
  'interrupted', // the studio itself ended while the job was running, twice
  'cancelled',
  'disk-full',
  'read-only',
  'database-locked', // another program holds the database
  'corrupt-database',
  'unreachable', // a site that downloads come from does not answer, or the network is cut
  'login-needed', // a download behind a login or terms
  'bad-download', // bytes that are not the ones that were promised
  'forbidden', // a request without the token, or from a foreign origin
  'disconnected', // the channel closed before the answer came
  'internal', // a fault of ours
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** The one error class: a code from the closed list and a message a person can act on. */
export class StudioError extends Error {
  readonly code: ErrorCode
  /** The message as coded sentences, where it has them. */
  readonly says?: readonly Saying[]

  constructor(code: ErrorCode, words: string | Told, options?: ErrorOptions) {
    super(typeof words === 'string' ? words : words.message, options)
    this.name = 'StudioError'
    this.code = code
    if (typeof words !== 'string') this.says = words.says
  }
}

/** An error as it travels over a channel or lies in the database. */
export interface ErrorRecord {
  code: ErrorCode
  message: string
  /** The message as coded sentences, for a window to say in its person's language; none: it is English alone. */
  says?: readonly Saying[]
}

/** Turns anything thrown into a record; what is not ours becomes `internal` and keeps its message. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof StudioError) {
    const { code, message, says } = error
    return { code, message, ...(says && { says }) }
  }
  if (error instanceof Error) return { code: 'internal', message: error.message }
  return {
    code: 'internal',
    message: typeof error === 'string' ? error : 'Something failed and did not say why.',
  }
}
