import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StudioError } from '../../src/shared/errors.ts'
import { connect, type Remote } from '../../src/shared/calls/rpc.ts'
import type { Served } from './fixtures/served.ts'
import { transports, type Opened } from './fixtures/transports.ts'

describe.each(Object.entries(transports))('a call over %s', (_name, open) => {
  let opened: Opened
  let served: Remote<Served>
  let told: number[]

  beforeEach(async () => {
    told = []
    opened = await open()
    served = connect<Served>(opened.channel, { told: (number: number) => void told.push(number) }, ['hear'])
  })
  afterEach(() => opened.close())

  const callByName = (name: string): Promise<unknown> =>
    (served as unknown as Record<string, () => Promise<unknown>>)[name]()

  it('is answered with the value the far side gives', async () => {
    const value = {
      text: 'é 你好 \u0000 "\n',
      list: [1, 0.1, null, true, []],
      deep: { deeper: { deepest: -0.5 } },
    }
    expect(await served.echo(value)).toEqual(value)
    expect(await served.echo('x'.repeat(500_000))).toHaveLength(500_000)
    expect(await served.echo(null)).toBeNull()
    expect(await served.nothing()).toBeUndefined()
  })

  it('that fails rejects with the code and the message', async () => {
    await expect(served.failWith('disk-full', 'No room.')).rejects.toMatchObject({
      code: 'disk-full',
      message: 'No room.',
    })
    await expect(served.failWith('disk-full', '')).rejects.toBeInstanceOf(StudioError)
    await expect(served.failPlainly()).rejects.toMatchObject({
      code: 'internal',
      message: 'x is not a function',
    })
  })

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', 'missing'])(
    'of a name that is not served (%s) is refused',
    async (name) => {
      await expect(callByName(name)).rejects.toMatchObject({ code: 'bad-request' })
    },
  )

  it('does not wait for those before it', async () => {
    const order: unknown[] = []
    const calls = [80, 40, 0].map((ms) => served.after(ms, ms).then((value) => order.push(value)))
    await Promise.all(calls)
    expect(order).toEqual([0, 40, 80])
  })

  it('is matched to its own answer among two hundred', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, number) => served.echo(number)))
    expect(answers).toEqual(Array.from({ length: 200 }, (_, number) => number))
  })

  it('comes with the events sent before its answer, in order, each once', async () => {
    await served.tellAbout(100)
    expect(told).toEqual(Array.from({ length: 100 }, (_, number) => number))
  })

  it('follows the events that were sent before it', async () => {
    for (let number = 0; number < 100; number++) void served.hear(number)
    expect(await served.heard()).toEqual(Array.from({ length: 100 }, (_, number) => number))
  })

  it('whose answer cannot be sent fails and leaves the channel working', async () => {
    await expect(served.unsendable()).rejects.toMatchObject({ code: 'internal' })
    expect(await served.echo(1)).toBe(1)
  })

  it('that waits when the channel closes is told so, and so are later ones; later events vanish', async () => {
    await served.echo(1)
    const waiting = expect(served.never()).rejects.toMatchObject({ code: 'disconnected' })
    await opened.close()
    await waiting
    await expect(served.echo(1)).rejects.toMatchObject({ code: 'disconnected' })
    await served.hear(1)
  })

  it('is answered after garbage of every kind came over the channel', async () => {
    const garbage = [
      null,
      7,
      'text',
      [],
      {},
      { t: 'q' },
      { t: 'q', m: 'echo' },
      { t: 's', i: 'nobody', r: 1 },
    ]
    const hostile = [
      { t: 'q', i: 1, m: { toString: 1 }, a: [] },
      { t: 'q', m: '__proto__', a: [] },
      { t: 's', i: 5 },
    ]
    for (const message of [...garbage, ...hostile]) opened.channel.post(message)
    expect(await served.echo(1)).toBe(1)
  })
})

describe('the side that serves', () => {
  it('survives any message at all', async () => {
    const { channel, close } = await transports['an in-memory pair']()
    const served = connect<Served>(channel, {})
    const messages = fc.oneof(
      fc.jsonValue(),
      fc.record({
        t: fc.constantFrom('q', 's', 'x'),
        i: fc.jsonValue(),
        m: fc.jsonValue(),
        a: fc.jsonValue(),
      }),
      fc.record({ t: fc.constant('s'), i: fc.string(), e: fc.jsonValue() }),
      fc.record({ t: fc.constant('q'), m: fc.string(), a: fc.array(fc.jsonValue()) }),
    )
    await fc.assert(
      fc.asyncProperty(messages, async (message) => {
        channel.post(message)
        expect(await served.echo('here')).toBe('here')
      }),
      { numRuns: 500 },
    )
    await close()
  })

  it('gives an error of an unknown code the code internal', async () => {
    const { channel, close } = await transports['an in-memory pair']()
    const listeners: ((message: unknown) => void)[] = []
    const { post } = channel
    const served = connect<Served>(
      {
        ...channel,
        onMessage: (listener) => void listeners.push(listener),
        post: (message) => {
          post(message)
          const { i } = message as { i: string }
          listeners.forEach((listener) =>
            listener({ t: 's', i, e: { code: 'made-up', message: 'Hm.', says: [null] } }),
          )
        },
      },
      {},
    )
    await expect(served.echo(1)).rejects.toMatchObject({
      code: 'internal',
      message: 'Hm.',
      says: undefined,
    })
    await close()
  })
})
