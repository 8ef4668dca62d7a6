/** Open networks by slot; a slot holds the one made for the last `form` and frees it before it opens another. */
export class Slots<Network extends { release(): Promise<void> }> {
  readonly #open = new Map<string, { form: string; network: Network }>()

  async get(slot: string, form: string, open: () => Promise<Network>): Promise<Network> {
    const held = this.#open.get(slot)
    if (held?.form === form) return held.network
    this.#open.delete(slot)
    await held?.network.release()
    const network = await open()
    this.#open.set(slot, { form, network })
    return network
  }

  /** Frees what is held in other slots. */
  async keepOnly(slots: readonly string[]): Promise<void> {
    for (const [slot, { network }] of this.#open) {
      if (slots.includes(slot)) continue
      this.#open.delete(slot)
      await network.release()
    }
  }

  release(): Promise<void> {
    return this.keepOnly([])
  }
}
