import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sdwebui from 'node-sd-webui'
import sharp, { type Sharp } from 'sharp'
import { StableDiffusionApi } from 'stable-diffusion-api'
import { describe, expect, it } from 'vitest'
import { addApiKey } from '../../../src/studio/api/apiKeys.ts'
import { defaultEnginePath } from '../../../src/studio/paths.ts'
import { writeT2iAdapter } from '../fixtures/adapterFiles.ts'
import { temporaryFolder } from '../fixtures/testStudio.ts'
import { openApi } from './openApi.ts'

/** AUTOMATIC1111's clients, and the very bodies that they send, against a real server and a stand-in engine. */

type Answer = Record<string, any>

/** The server, and calls as a client with a key makes them (`studio serve --api`, AUTOMATIC1111's `--api-auth`). */
async function open(options: Parameters<typeof openApi>[0] = {}) {
  const api = await openApi(options)
  const authorization = `Basic ${Buffer.from(`user:${api.key}`).toString('base64')}`
  const ask = (path: string, body?: unknown, init: RequestInit = {}) =>
    fetch(`${api.origin}${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization, 'content-type': 'application/json' },
      ...init,
    })
  const get = async (path: string): Promise<any> => (await ask(path)).json()
  const post = async (path: string, body: unknown): Promise<Answer> => {
    const answer = await ask(path, body)
    const read = (await answer.json()) as Answer
    expect(answer.status, JSON.stringify(read)).toBe(200)
    return read
  }
  const refused = async (path: string, body: unknown): Promise<{ status: number; at: string[] }> => {
    const answer = await ask(path, body)
    const { detail } = (await answer.json()) as { detail: { loc: string[]; msg: string }[] | string }
    const at =
      typeof detail === 'string' ? [detail] : detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`)
    return { status: answer.status, at }
  }
  const lastRequest = async () => (await api.studio.calls.history({ limit: 1 })).items[0].request
  return { ...api, ask, get, post, refused, lastRequest }
}

const infoOf = ({ info }: Answer): Answer => JSON.parse(info as string) as Answer
const sizeOf = async (base64: string): Promise<string> => {
  const { format, width, height } = await sharp(Buffer.from(base64, 'base64')).metadata()
  return `${format} ${width}x${height}`
}
const flat = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } }).png()
const base64 = async (picture: Sharp): Promise<string> => (await picture.toBuffer()).toString('base64')

describe('clients from npm', () => {
  it('node-sd-webui, which can show no key, draws and reads what a picture tells', async () => {
    const { origin, lastRequest } = await open({ withoutKey: true })
    const client = sdwebui({ apiUrl: origin })
    const again = await client.txt2img({
      ...{ prompt: 'a house', negativePrompt: 'fog', seed: 7, steps: 3, cfgScale: 6 },
      ...{ samplingMethod: 'DPM++ 2M Karras', width: 128, height: 64, batchSize: 2, batchCount: 2 },
      hires: { denoisingStrength: 0.5, upscaler: 'Latent', upscaleBy: 1.5, steps: 2 },
    })
    expect(await Promise.all(again.images.map(sizeOf))).toEqual(Array(4).fill('png 128x64'))
    expect(again.parameters).toMatchObject({
      steps: 3,
      cfg_scale: 6,
      sampler_name: 'DPM++ 2M',
      scheduler: 'Karras',
      n_iter: 2,
      tiling: null,
    })
    expect(infoOf(again)).toMatchObject({
      seed: 7,
      all_seeds: [7, 8, 9, 10],
      sampler_name: 'DPM++ 2M',
      denoising_strength: 0.5,
      batch_size: 2,
    })
    expect(infoOf(again).infotexts[0]).toMatch(
      /^a house\nNegative prompt: fog\nSteps: 3, Sampler: DPM\+\+ 2M, Schedule type: Karras, CFG scale: 6, Seed: 7,/,
    )
    expect(await lastRequest()).toMatchObject({
      hires: { scale: 1.5, steps: 2, upscaler: 'Latent', denoiseStrength: 0.5 },
      seedConvention: 'AUTOMATIC1111 GPU',
    })
    const told = await client.pngInfo({ imageData: again.images[0] })
    expect(told).toMatchObject({
      prompt: 'a house',
      negativePrompt: 'fog',
      steps: 3,
      samplingMethod: 'DPM++ 2M',
    })
    const changed = await client.img2img({
      imageData: [again.images[0]],
      prompt: 'a door',
      steps: 2,
      width: 64,
      height: 64,
    })
    expect(await sizeOf(changed.images[0])).toBe('png 64x64')
    expect(await lastRequest()).toMatchObject({
      denoiseStrength: 0.75,
      initImage: { resizeMode: 'stretch' },
      mask: null,
    })
  })

  it('stable-diffusion-api shows its key, and its defaults are taken', async () => {
    const { origin, key, lastRequest } = await open()
    const client = new StableDiffusionApi({ baseUrl: origin, timeout: 0 }).setAuth('user', key)
    const drawn = await client.txt2img({ prompt: 'a house', width: 64, height: 64, steps: 2 })
    expect((await drawn.image.metadata()).width).toBe(64)
    expect(await lastRequest()).toMatchObject({ sampler: 'Euler a', guidanceScale: 7, eta: 1, sTmax: null })
    const mask = sharp({ create: { width: 64, height: 64, channels: 3, background: 'white' } }).png()
    await client.img2img({
      init_images: [drawn.image.clone()],
      mask_image: mask,
      prompt: 'x',
      width: 64,
      height: 64,
      steps: 2,
      inpainting_mask_invert: 1,
    })
    expect(await lastRequest()).toMatchObject({
      inpaint: { area: 'masked', padding: 0, content: 'fill', maskBlur: 4 },
    })
    const larger = await client.extraSingle({
      image: drawn.image.clone(),
      upscaler_1: 'Lanczos',
      upscaling_resize: 2,
    })
    expect((await larger.image.metadata()).width).toBe(128)
    const [sampler] = await client.getSamplers()
    expect(sampler).toMatchObject({ name: 'Model default' })
    expect((await client.getSdModels()).map((model: Answer) => model.model_name)).toContain('starter')
    expect(await client.getProgress()).toMatchObject({ progress: 0, state: { job_count: 0 } })
    expect(await client.getOptions()).toMatchObject({ sd_vae: 'Automatic', CLIP_stop_at_last_layers: 1 })
    expect([await client.getHypernetworks(), await client.getFaceRestorers()]).toEqual([[], []])
    expect((await client.getUpscalers()).map(({ name }) => name)).toContain('Lanczos')
    await client.refreshCheckpoints()
    expect(await client.ControlNet.getModels()).toEqual([])
    expect(await client.ControlNet.getModules()).toContain('canny')
  })
})

describe('bodies that clients send', () => {
  it('Open WebUI writes all settings back with another model, then draws', async () => {
    const { get, post, lastRequest, studio, dataFolder } = await open()
    const options = await get('/sdapi/v1/options')
    const models: Answer[] = await get('/sdapi/v1/sd-models')
    const other = models.find(({ model_name }) => model_name === 'starter-fast')!
    expect(await post('/sdapi/v1/options', { ...options, sd_model_checkpoint: other.title })).toMatchObject({
      taken: expect.arrayContaining(['sd_model_checkpoint']) as unknown,
    })
    expect((await get('/sdapi/v1/options')).sd_model_checkpoint).toBe(other.title)
    const drawn = await post('/sdapi/v1/txt2img', {
      prompt: 'a cat',
      batch_size: 1,
      width: 512,
      height: 512,
      steps: 2,
      negative_prompt: 'fog',
    })
    expect(await sizeOf(drawn.images[0])).toBe('png 512x512')
    expect(await lastRequest()).toMatchObject({ model: 'starter-fast', steps: 2 })

    writeFileSync(join(dataFolder, 'api-options.json'), 'no JSON')
    expect((await get('/sdapi/v1/options')).sd_model_checkpoint).not.toBe(other.title)
    const { notices } = await studio.calls.status()
    expect(notices.map(({ message }) => message).join()).toContain('api-options.json cannot be read')
  })

  it('SillyTavern sends its own fields along; what says nothing is told', async () => {
    const { post, origin, lastRequest } = await open()
    const drawn = await post('/sdapi/v1/txt2img', {
      ...{
        url: origin,
        auth: 'user:secret',
        prompt: 'a tavern',
        negative_prompt: 'text',
        sampler_name: 'Euler a',
        scheduler: 'karras',
      },
      ...{
        steps: 2,
        cfg_scale: 7,
        width: 64,
        height: 64,
        restore_faces: false,
        enable_hr: true,
        hr_upscaler: 'Latent',
        hr_scale: 1.25,
      },
      ...{ hr_additional_modules: [], denoising_strength: 0.4, hr_second_pass_steps: 0 },
      override_settings: { CLIP_stop_at_last_layers: 2 },
      ...{ override_settings_restore_afterwards: true, clip_skip: 2, save_images: true, send_images: true },
      ...{ do_not_save_grid: false, do_not_save_samples: false },
    })
    expect(JSON.stringify(drawn)).not.toContain('secret')
    expect(infoOf(drawn).warnings).toEqual([
      'url, auth, hr_additional_modules: fields that say nothing to AUTOMATIC1111, and nothing here.',
    ])
    expect(await lastRequest()).toMatchObject({
      clipSkip: 2,
      sampler: 'Euler a',
      schedule: 'Karras',
      hires: { scale: 1.25, denoiseStrength: 0.4 },
    })
  })

  it('Auto-Photoshop paints a part of a picture', async () => {
    const { post, lastRequest, studio } = await open()
    const mask = await base64(
      flat(64, 64, 'black').composite([{ input: await flat(32, 64, 'white').toBuffer(), left: 0, top: 0 }]),
    )
    const drawn = await post('/sdapi/v1/img2img', {
      ...{
        selection_info: { left: 0, top: 0 },
        inpaint_full_res: false,
        inpaint_full_res_padding: 32,
        inpainting_fill: 1,
      },
      ...{
        mask_expansion: 0,
        mask,
        expanded_mask: mask,
        denoising_strength: 0.7,
        init_images: [await base64(flat(64, 64, 'red'))],
      },
      ...{
        alwayson_scripts: {},
        prompt: 'a door',
        negative_prompt: '',
        original_prompt: 'a door',
        original_negative_prompt: '',
      },
      ...{
        steps: 2,
        sampler_index: 'Euler a',
        width: 64,
        height: 64,
        batch_size: 1,
        cfg_scale: 7,
        seed: '1234',
        mask_blur: 4,
      },
      ...{
        use_sharp_mask: false,
        use_prompt_shortcut: false,
        prompt_shortcut_ui_dict: {},
        uniqueDocumentId: 'x',
        mode: 'inpaint',
      },
      ...{ restore_faces: false, tiling: false, inpainting_mask_invert: 1 },
    })
    expect(drawn.parameters).toMatchObject({ init_images: null, mask: null })
    const made = await lastRequest()
    expect(made).toMatchObject({
      seed: 1234,
      inpaint: { area: 'whole', content: 'original', padding: 32 },
      denoiseStrength: 0.7,
    })
    const kept = await studio.assets(new Request(`http://studio/inputs/${made.mask!.id}`))
    const { data } = await sharp(await kept.arrayBuffer())
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([data[0], data[63]]).toEqual([0, 255])
  })

  it('units of ControlNet steer what the real engine draws', async () => {
    const { get, post, studio, lastRequest } = await open({ enginePath: defaultEnginePath })
    const folder = temporaryFolder()
    writeT2iAdapter(join(folder, 'edges.safetensors'), 1.1)
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const { model_list: listed } = (await get('/controlnet/model_list')) as { model_list: string[] }
    expect(listed).toEqual(['edges'])
    const asked = { prompt: 'a red house', seed: 3, steps: 2, width: 64, height: 64 }
    const plain = await post('/sdapi/v1/txt2img', asked)
    const image = await base64(
      flat(64, 64, 'black').composite([{ input: await flat(30, 30, 'white').toBuffer() }]),
    )
    const unit = { image, model: listed[0], module: 'canny', weight: 0.8, threshold_a: 20 }
    const steered = await post('/sdapi/v1/txt2img', {
      ...asked,
      alwayson_scripts: { ControlNet: { args: [unit] } },
    })
    const pixels = (answer: Answer) => sharp(Buffer.from(answer.images[0], 'base64')).raw().toBuffer()
    expect((await pixels(steered)).equals(await pixels(plain))).toBe(false)
    expect((await lastRequest()).controls).toMatchObject([
      { preprocessor: 'canny', settings: { low: 20 }, weight: 0.8 },
    ])
  })
})

describe('what does not fit', () => {
  it('lists every field that there is not, and every value of a wrong type, with its path', async () => {
    const { refused } = await open()
    const wrong = await refused('/sdapi/v1/txt2img', {
      promt: 'x',
      steps: 'many',
      width: 64.5,
      override_settings: { sd_modell: 1 },
    })
    expect(wrong).toEqual({
      status: 422,
      at: expect.arrayContaining([
        expect.stringMatching(/^body\.steps: must be a number, found "many"/),
        expect.stringMatching(/^body\.width: /),
        'body.promt: is not known here',
      ]) as unknown,
    })
    expect(await refused('/sdapi/v1/txt2img', { override_settings: { sd_modell: 1 } })).toEqual({
      status: 422,
      at: ['body.override_settings.sd_modell: is not known here'],
    })
    expect(await refused('/sdapi/v1/options', { face_restoration: true })).toMatchObject({
      status: 422,
      at: ['body.face_restoration: is not known here'],
    })
  })

  it('refuses by name what is asked for and not here', async () => {
    const { refused } = await open()
    const picture = await base64(flat(64, 64, 'red'))
    const cases: [path: string, body: Answer, said: RegExp][] = [
      ['txt2img', { restore_faces: true }, /^body\.restore_faces: faces are not restored here/],
      ['txt2img', { script_name: 'X/Y/Z plot' }, /^body\.script_name: there are no scripts here/],
      [
        'txt2img',
        { alwayson_scripts: { ADetailer: { args: [true] } } },
        /^body\.alwayson_scripts\.ADetailer: this script/,
      ],
      [
        'txt2img',
        { alwayson_scripts: { controlnet: { args: [{ model: 'x', modul: 'canny' }] } } },
        /^body\.alwayson_scripts\.controlnet\.args\.0\.modul: /,
      ],
      [
        'txt2img',
        {
          alwayson_scripts: {
            ControlNet: { args: [{ model: 'x [12ab]', module: 'openpose', image: picture }] },
          },
        },
        /^body\.alwayson_scripts\.ControlNet\.args\.0\.module: there is no preprocessor "openpose"/,
      ],
      [
        'txt2img',
        { sampler_name: 'Eular a' },
        /^body\.sampler_name: there is no sampler "Eular a"; the nearest are Euler a/,
      ],
      [
        'txt2img',
        { override_settings: { sd_model_checkpoint: 'sd9' } },
        /^body\.override_settings\.sd_model_checkpoint: there is no model "sd9"/,
      ],
      ['img2img', { prompt: 'x' }, /^body\.init_images: must hold/],
      ['img2img', { init_images: ['https://example.org/x.png'] }, /^body\.init_images\.0: .*not fetched/],
      [
        'extra-single-image',
        { image: picture, upscaler_1: 'ESRGAN_9x' },
        /^body\.upscaler_1: there is no upscaler "ESRGAN_9x"/,
      ],
    ]
    for (const [path, body, said] of cases) {
      const { status, at } = await refused(`/sdapi/v1/${path}`, body)
      expect([status, ...at], path).toEqual([422, expect.stringMatching(said)])
    }
  })

  it('units of ControlNet become controls: what is missing is the network', async () => {
    const { refused } = await open()
    const image = `data:image/png;base64,${await base64(flat(64, 64, 'red'))}`
    const unit = {
      ...{ image, model: 'net [12ab34cd]', module: 'canny', weight: 0.8 },
      resize_mode: 'Just Resize',
    }
    const alwayson_scripts = { ControlNet: { args: [{ enabled: false }, unit] } }
    expect(await refused('/sdapi/v1/txt2img', { prompt: 'x', alwayson_scripts })).toEqual({
      status: 404,
      at: [expect.stringContaining('"net" is not the name of a ControlNet')],
    })
  })

  it('opens to a key, and to one that may draw', async () => {
    const { origin, dataFolder } = await open()
    expect((await fetch(`${origin}/sdapi/v1/options`)).status).toBe(401)
    const reading = await addApiKey(dataFolder, 'reading', { scopes: ['read'] })
    const answer = await fetch(`${origin}/sdapi/v1/txt2img`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${reading}` },
    })
    expect(answer.status).toBe(403)
    expect(((await answer.json()) as Answer).detail).toContain('"generate"')
  })
})

describe('while it is drawn', () => {
  it('tells how far it is, skips an iteration, and interrupts the rest, answering what is done', async () => {
    const { ask, get, post } = await open()
    const asked = post('/sdapi/v1/txt2img', {
      prompt: 'endless later',
      n_iter: 3,
      steps: 4,
      width: 64,
      height: 64,
      seed: 1,
    })
    const current = async (): Promise<Answer> => get('/sdapi/v1/progress?skip_current_image=false')
    await expect.poll(async () => (await current()).current_image).toBeTruthy()
    const { progress, state, current_image } = await current()
    expect(progress).toBeGreaterThan(0)
    expect(state).toMatchObject({ job_count: 3, sampling_steps: 4 })
    expect(await sizeOf(current_image as string)).toBe('png 16x16')
    await ask('/sdapi/v1/skip', {})
    await expect.poll(async () => (await current()).state.job_no).toBe(1)
    await ask('/sdapi/v1/interrupt', {})
    const answer = await asked
    expect(infoOf(answer).warnings).toEqual(['Stopped before all pictures were drawn.'])
    expect(await current()).toMatchObject({ progress: 0, state: { job_count: 0 } })
  })

  it('a client that goes away cancels what it alone waited for', async () => {
    const { ask, studio } = await open()
    const gone = new AbortController()
    const asked = ask(
      '/sdapi/v1/txt2img',
      { prompt: 'endless', n_iter: 2, width: 64, height: 64 },
      { signal: gone.signal },
    ).catch(() => 'gone')
    await expect
      .poll(async () => (await studio.calls.jobs()).map(({ state }) => state).sort())
      .toEqual(['queued', 'running'])
    gone.abort()
    expect(await asked).toBe('gone')
    await expect
      .poll(async () => (await studio.calls.jobs()).map(({ state }) => state))
      .toEqual(['cancelled', 'cancelled'])
  })
})
