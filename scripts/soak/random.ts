export interface Random {
  /** 0 up to, but not including, `below`; a whole number. */
  number(below: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** Choices that are the same for the same seed (Park and Miller's generator). */
export function createRandom(seed: number): Random {
  let state = (seed % 2_147_483_646) + 1
  const number = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * below)
  }
  return { number, pick: (items) => items[number(items.length)] }
}
