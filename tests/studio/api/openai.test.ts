import { request } from 'node:http'
import OpenAI, { toFile } from 'openai'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { apiKeys, revokeApiKey } from '../../../src/studio/api/apiKeys.ts'
import { startServer } from '../../../src/studio/server/server.ts'
import { openApi } from './openApi.ts'
import { openTestStudio, temporaryFolder, untilJob } from '../fixtures/testStudio.ts'

/** OpenAI's own client draws with the studio, over a real server and a stand-in engine that paints gradients. */
async function openClient() {
  const api = await openApi()
  return { ...api, client: new OpenAI({ apiKey: api.key, baseURL: `${api.origin}/v1`, maxRetries: 0 }) }
}

const sizeOf = async (bytes: Buffer): Promise<string> => {
  const { format, width, height } = await sharp(bytes).metadata()
  return `${format} ${width}x${height}`
}
const decoded = (base64: string | undefined): Buffer => Buffer.from(base64!, 'base64')

/** A red picture of 64 x 32, its left half so opaque. */
async function redPicture(alpha = 255): Promise<Buffer> {
  const pixels = Array.from({ length: 64 * 32 }, (_, at) => [200, 0, 0, at % 64 < 32 ? alpha : 255])
  return sharp(Uint8Array.from(pixels.flat()), { raw: { width: 64, height: 32, channels: 4 } })
    .png()
    .toBuffer()
}

describe('generations', () => {
  it('answers with addresses that can be fetched without a key, or with the pictures themselves', async () => {
    const { client, studio } = await openClient()
    const { data } = await client.images.generate({
      prompt: 'a house',
      n: 2,
      size: '128x64',
      model: 'dall-e-3',
    })
    expect(data).toHaveLength(2)
    const fetched = await fetch(data![0].url!)
    expect(await sizeOf(Buffer.from(await fetched.arrayBuffer()))).toBe('png 128x64')
    expect((await fetch(data![0].url!.replace('signature=', 'signature=A'))).status).toBe(401)

    const inline = await client.images.generate({
      ...{ prompt: 'a house', response_format: 'b64_json', output_format: 'webp' },
      ...{ seed: 7, steps: 2, quality: 'hd' },
    } as OpenAI.ImageGenerateParams & { stream?: false })
    expect(await sizeOf(decoded(inline.data![0].b64_json))).toBe('webp 128x128')
    expect(inline).toMatchObject({ warnings: ['quality: has no effect here.'] })
    const { items } = await studio.calls.history({ limit: 1 })
    expect(items[0].request).toMatchObject({ prompt: 'a house', seed: 7, steps: 2 })
  })

  it('previews come while it is drawn, then the picture', async () => {
    const { client } = await openClient()
    const stream = await client.images.generate({
      ...{ prompt: 'slow house', size: '64x64', stream: true, partial_images: 2, steps: 12, style: 'vivid' },
    } as OpenAI.ImageGenerateParamsStreaming)
    const events: OpenAI.ImageGenStreamEvent[] = []
    for await (const event of stream) events.push(event)
    expect(events.at(-1)).toMatchObject({
      type: 'image_generation.completed',
      warnings: ['style: has no effect here.'],
    })
    expect(await sizeOf(decoded(events.at(-1)!.b64_json))).toBe('png 64x64')
    const partial = events.slice(0, -1)
    expect(partial.length).toBeGreaterThan(0)
    for (const event of partial) {
      expect(event).toMatchObject({ type: 'image_generation.partial_image', output_format: 'jpeg' })
      expect(await sizeOf(decoded(event.b64_json))).toMatch(/^jpeg /)
    }
  })

  it('a client that goes away cancels what it alone waited for', async () => {
    const { client, studio } = await openClient()
    const gone = new AbortController()
    const asked = client.images.generate({ prompt: 'endless' }, { signal: gone.signal }).catch(() => 'gone')
    await expect.poll(async () => (await studio.calls.jobs()).at(-1)?.state).toBe('running')
    const [job] = await studio.calls.jobs()
    gone.abort()
    expect(await asked).toBe('gone')
    expect(await untilJob(studio, job.id, ({ finishedAt }) => finishedAt !== null)).toMatchObject({
      state: 'cancelled',
    })
  })
})

describe('edits and variations', () => {
  it('start from a picture, in its shape; what the mask leaves transparent is painted anew', async () => {
    const { client, studio } = await openClient()
    const image = await toFile(await redPicture(), 'red.png', { type: 'image/png' })
    const mask = await toFile(await redPicture(0), 'mask.png', { type: 'image/png' })
    const { data } = await client.images.edit({ image, mask, prompt: 'a door', response_format: 'b64_json' })
    expect(await sizeOf(decoded(data![0].b64_json))).toBe('png 184x88')
    const { items } = await studio.calls.history({ limit: 1 })
    const { request: made } = items[0]
    expect(made).toMatchObject({
      prompt: 'a door',
      initImage: { resizeMode: 'crop' },
      inpaint: { area: 'whole' },
    })
    const kept = await studio.assets(new Request(`http://studio/inputs/${made.mask!.id}`))
    const { data: pixels } = await sharp(await kept.arrayBuffer())
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([pixels[0], pixels[63]]).toEqual([255, 0])

    const varied = await client.images.createVariation({ image, n: 2 })
    expect(varied.data).toHaveLength(2)
  })

  it('a mask without transparency, and more pictures than the model starts from, are refused by name', async () => {
    const { client } = await openClient()
    const image = await toFile(await redPicture(), 'red.png', { type: 'image/png' })
    const opaque = await sharp(await redPicture())
      .removeAlpha()
      .png()
      .toBuffer()
    const mask = await toFile(opaque, 'mask.png', { type: 'image/png' })
    await expect(client.images.edit({ image, mask, prompt: 'x' })).rejects.toMatchObject({
      status: 422,
      param: 'mask',
    })
    await expect(client.images.edit({ image: [image, image], prompt: 'x' })).rejects.toMatchObject({
      status: 422,
      param: 'image',
    })
  })
})

describe('who and what is let in', () => {
  it('lists the models; one that is not there is named', async () => {
    const { client } = await openClient()
    const ids = (await client.models.list()).data.map(({ id }) => id)
    expect(ids).toContain('starter')
    expect(await client.models.retrieve('starter')).toMatchObject({ id: 'starter', object: 'model' })
    await expect(client.images.generate({ prompt: 'x', model: 'sd9' })).rejects.toMatchObject({
      status: 404,
      param: 'model',
    })
  })

  it('names a field that there is not, and one of a wrong type', async () => {
    const { client } = await openClient()
    const wrong = (more: object) => client.images.generate({ prompt: 'x', ...more } as never)
    await expect(wrong({ promt: 'y' })).rejects.toMatchObject({ status: 422, param: 'promt' })
    await expect(wrong({ size: 'large' })).rejects.toMatchObject({ status: 422, param: 'size' })
    await expect(wrong({ steps: 9999 })).rejects.toMatchObject({ status: 422, param: 'steps' })
  })

  it('opens to a key until it is revoked, and the key lies nowhere', async () => {
    const { client, dataFolder, key } = await openClient()
    const [{ id, name }] = await apiKeys(dataFolder)
    expect(name).toBe('a test')
    expect(JSON.stringify(await apiKeys(dataFolder))).not.toContain(key)
    await expect(new OpenAI({ apiKey: 'ls-x', baseURL: client.baseURL }).models.list()).rejects.toMatchObject(
      {
        status: 401,
      },
    )
    await revokeApiKey(dataFolder, id)
    await expect(client.models.list()).rejects.toMatchObject({ status: 401 })
  })

  it('refuses pages and other names for this address, whatever key they show', async () => {
    const { origin, key } = await openClient()
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve) =>
        request(
          `${origin}/v1/models`,
          { headers: { authorization: `Bearer ${key}`, ...headers } },
          (answer) => resolve(answer.resume().statusCode),
        ).end(),
      )
    expect(await status({})).toBe(200)
    expect(await status({ origin: 'https://example.org' })).toBe(403)
    expect(await status({ host: 'rebound.example' })).toBe(403)
  })

  it('is not there where it was not switched on', async () => {
    const studio = await openTestStudio()
    const server = await startServer({ studio, renderer: temporaryFolder() })
    onTestFinished(() => server.close())
    const answer = await fetch(new URL('/v1/models', server.address))
    expect(answer.status).toBe(403)
  })
})
