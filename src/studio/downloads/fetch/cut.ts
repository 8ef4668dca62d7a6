/** The connection failed or was cut, or the server is busy: what was asked for may be asked again. */
export class Cut extends Error {
  /** How long the server asks to be left alone, in ms. */
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs = 0) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** The link that a site redirected to is no longer good: the site is asked for a new one. */
export class LinkExpired extends Cut {}
