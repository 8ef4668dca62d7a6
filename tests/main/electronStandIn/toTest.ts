// Words between the stand-in and the test that spawned it.

const listeners = new Map<string, (value: unknown) => void>()

process.on('message', ({ name, value }: { name: string; value: unknown }) => listeners.get(name)?.(value))

/** Tells the test that something happened. */
export const tell = (name: string, value?: unknown): void => void process.send?.({ name, value })

/** Does what the test asks for. */
export const hear = (name: string, listener: (value: unknown) => void): void =>
  void listeners.set(name, listener)

/** Tells the test and waits for its answer. */
export function ask(name: string, value: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    hear(`${name}:answer`, resolve)
    tell(name, value)
  })
}
