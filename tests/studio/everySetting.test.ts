import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { controlSchema } from '../../src/shared/request/controls.ts'
import { editOfSchema } from '../../src/shared/request/edit.ts'
import { fastSchema } from '../../src/shared/request/fast.ts'
import { inpaintSchema } from '../../src/shared/request/inpaint.ts'
import { hiresSchema, upscaleSchema } from '../../src/shared/request/passes.ts'
import {
  generationRequestSchema,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../src/shared/request/request.ts'
import { openDatabase } from '../../src/studio/history/database/database.ts'
import { openHistory, type History } from '../../src/studio/history/history.ts'
import type { NewImage } from '../../src/studio/history/images/imageRow.ts'
import { newImage } from './fixtures/pictures.ts'
import { temporaryFolder } from './fixtures/testStudio.ts'

const id = 'a'.repeat(64)
const start = { initImage: { id, resizeMode: 'stretch' as const }, mask: { id } }
const control = { model: 'Depth One', image: { id } }
const sdxl = { originalWidth: 900, originalHeight: 800, targetWidth: 700, targetHeight: 600 }
const edit = { id, imageId: null }
const file = { hash: 'bc'.repeat(32), autoV3: null }

/** Searches that find a picture made so, beside one that was made with every default; by the setting that each is of. */
const searches: [setting: string, search: string, asked: GenerationRequestInput][] = [
  ['prompt', 'house', { prompt: 'a house' }],
  ['negativePrompt', 'negative:blur', { negativePrompt: 'blurry, ugly' }],
  ['negativePrompt', 'negative="ugly"', { negativePrompt: 'blurry, ugly' }],
  ['negativePrompt', 'negative:nothing,"ugly blurry"', { negativePrompt: 'blurry, ugly' }],
  ['styles', 'style:water', { styles: ['Oil', 'Water colour'] }],
  ['prompt2', 'castle', { prompt2: 'a castle' }],
  ['negativePrompt2', 'negative:fog', { negativePrompt2: 'fog' }],
  ['sizeConditioning.originalWidth', 'originalwidth:900', { sizeConditioning: sdxl }],
  ['sizeConditioning.originalHeight', 'originalheight:800', { sizeConditioning: sdxl }],
  ['sizeConditioning.cropLeft', 'cropleft:10', { sizeConditioning: { ...sdxl, cropLeft: 10 } }],
  ['sizeConditioning.cropTop', 'croptop:20', { sizeConditioning: { ...sdxl, cropTop: 20 } }],
  ['sizeConditioning.targetWidth', 'targetwidth:700', { sizeConditioning: sdxl }],
  ['sizeConditioning.targetHeight', 'targetheight:600', { sizeConditioning: sdxl }],
  ['seed', 'seed:7', { seed: 7 }],
  ['steps', 'steps:7', { steps: 7 }],
  ['guidanceScale', 'cfg:9', { guidanceScale: 9 }],
  ['guidanceRescale', 'rescale:0.5', { guidanceRescale: 0.5 }],
  ['guidanceLimit', 'limit<3', { guidanceLimit: 2 }],
  ['sampler', 'sampler:heun', { sampler: 'Heun' }],
  ['schedule', 'schedule:karras', { schedule: 'Karras' }],
  ['sigmas', 'is:sigmas', { sigmas: [1, 0.5] }],
  ['batchOf', 'batch:4', { batchOf: 4 }],
  ['clipSkip', 'clipskip:2', { clipSkip: 2 }],
  ['adapters.name', 'lora:paper', { adapters: [{ name: 'Paper' }] }],
  ['adapters.unet', 'lorastrength:0.3', { adapters: [{ name: 'Paper', unet: 0.3 }, { name: 'Other' }] }],
  ['adapters.unet', 'lorastrength:0.3', { prompt: '<lora:paper:0.3>' }],
  ['vae', 'vae:soft', { vae: 'Soft' }],
  ['files.name', 'embedding:hand', { files: [{ ...file, kind: 'embedding', name: 'Good hands' }] }],
  ['files.hash', 'filehash:bcbc', { files: [{ ...file, kind: 'vae', name: 'Soft' }] }],
  ['initImage.resizeMode', 'resize:stretch', start],
  ['mask', 'source:inpainting', start],
  ['inpaint.area', 'maskarea:masked', { ...start, inpaint: { area: 'masked' } }],
  ['inpaint.padding', 'maskpadding:48', { ...start, inpaint: { area: 'masked', padding: 48 } }],
  ['inpaint.content', 'maskcontent:noise', { ...start, inpaint: { content: 'noise' } }],
  ['inpaint.maskBlur', 'maskblur>8', { ...start, inpaint: { maskBlur: 9 } }],
  ['inpaint.soft', 'is:soft', { ...start, inpaint: { soft: true } }],
  ['inpaint.outpaint', 'is:outpainted', { ...start, inpaint: { outpaint: { left: 64 } } }],
  ['inpaint.outpaint', 'addleft>32', { ...start, inpaint: { outpaint: { left: 64 } } }],
  ['inpaint.outpaint', 'addtop>32', { ...start, inpaint: { outpaint: { top: 64 } } }],
  ['inpaint.outpaint', 'addright>32', { ...start, inpaint: { outpaint: { right: 64 } } }],
  ['inpaint.outpaint', 'addbottom>32', { ...start, inpaint: { outpaint: { bottom: 64 } } }],
  ['denoiseStrength', 'strength:0.3', { ...start, denoiseStrength: 0.3 }],
  ['references', 'references:2', { references: [{ id }, { id }] }],
  ['controls.model', 'control:depth', { controls: [control, { ...control, model: 'Pose' }] }],
  ['controls.preprocessor', 'preprocessor:canny', { controls: [{ ...control, preprocessor: 'canny' }] }],
  ['controls.settings', 'controllow:50', withSettings('canny', { low: 50 })],
  ['controls.settings', 'controlhigh:150', withSettings('canny', { high: 150 })],
  ['controls.settings', 'controlsigma:3', withSettings('blur', { sigma: 3 })],
  ['controls.settings', 'controlthreshold:40', withSettings('threshold', { threshold: 40 })],
  ['controls.settings', 'controlrate:2', withSettings('tile', { rate: 2 })],
  ['controls.settings', 'controlsquare:32', withSettings('colour', { square: 32 })],
  ['controls.weight', 'controlweight<1', { controls: [{ ...control, weight: 0.5 }, control] }],
  ['controls.start', 'controlstart>0', { controls: [{ ...control, start: 0.2 }] }],
  ['controls.end', 'controlend<1', { controls: [{ ...control, end: 0.8 }] }],
  ['controls.mode', 'controlmode:prompt', { controls: [{ ...control, mode: 'prompt' }] }],
  ['hires.scale', 'hiresscale:1.5', { hires: { scale: 1.5 } }],
  ['hires.width', 'hireswidth:1024', { hires: { width: 1024 } }],
  ['hires.height', 'hiresheight:768', { hires: { height: 768 } }],
  ['hires.upscaler', 'upscaler:rdn', { hires: { upscaler: 'RDN-2x' } }],
  ['hires.steps', 'hiressteps:5', { hires: { steps: 5 } }],
  ['hires.steps', 'hiressteps:33', { steps: 33, hires: {} }],
  ['hires.denoiseStrength', 'hiresstrength<0.5', { hires: { denoiseStrength: 0.4 } }],
  ['hires.sampler', 'hiressampler:lcm', { hires: { sampler: 'LCM' } }],
  ['hires.sampler', 'hiressampler:lcm', { sampler: 'LCM', hires: {} }],
  ['hires.schedule', 'hiresschedule:simple', { hires: { schedule: 'Simple' } }],
  ['hires.guidanceScale', 'hiresguidance:6', { hires: { guidanceScale: 6 } }],
  ['hires.prompt', 'tower', { hires: { prompt: 'a tower' } }],
  ['hires.negativePrompt', 'negative:mist', { hires: { negativePrompt: 'mist' } }],
  ['fast', 'is:fast', { fast: {} }],
  ['fast.forecast', 'forecast:0.3', { fast: { forecast: 0.3 } }],
  ['fast.agreement', 'agreement:0.95', { fast: { agreement: 0.95 } }],
  ['fast.guidanceInterval', 'guidancefrom:1', { fast: { guidanceInterval: { min: 1, max: 5 } } }],
  ['fast.guidanceInterval', 'guidanceto:5', { fast: { guidanceInterval: { min: 1, max: 5 } } }],
  ['turbo', 'is:turbo', { turbo: true }],
  ['upscale.upscaler', 'upscaler:lanczos', { upscale: { upscaler: 'Lanczos' } }],
  ['upscale.scale', 'scale:3', { upscale: { upscaler: 'Lanczos', scale: 3 } }],
  ['upscaleOf', 'source:upscale', { upscaleOf: { id } }],
  ['editOf.turns', 'turns:1', { editOf: { ...edit, turns: 1 } }],
  ['editOf.straighten', 'straighten<0', { editOf: { ...edit, straighten: -2 } }],
  ['editOf.crop', 'is:cropped', { editOf: { ...edit, crop: { left: 0, top: 0, width: 8, height: 8 } } }],
  ['editOf.levels', 'black:20', { editOf: { ...edit, levels: { black: 20 } } }],
  ['editOf.levels', 'gamma>1', { editOf: { ...edit, levels: { gamma: 1.2 } } }],
  ['editOf.levels', 'white:200', { editOf: { ...edit, levels: { white: 200 } } }],
  ['grid', 'is:grid', { grid: { id: 'g', x: 0, y: 0, z: 0 } }],
  ['seedConvention', 'seedconvention:comfy', { seedConvention: 'ComfyUI' }],
  ['variationSeed', 'variationseed:88', { variationStrength: 0.2, variationSeed: 88 }],
  ['variationStrength', 'variation:0.2', { variationStrength: 0.2, variationSeed: 88 }],
  ['seedResizeWidth', 'seedwidth:320', { seedResizeWidth: 320 }],
  ['seedResizeHeight', 'seedheight:256', { seedResizeHeight: 256 }],
  ['etaNoiseSeedDelta', 'ensd:31337', { etaNoiseSeedDelta: 31337 }],
  ['eta', 'eta:0.5', { eta: 0.5 }],
  ['sChurn', 'schurn>0', { sChurn: 4 }],
  ['sTmin', 'stmin>0', { sTmin: 0.1 }],
  ['sTmax', 'stmax:9', { sTmax: 9 }],
  ['sNoise', 'snoise>1', { sNoise: 1.1 }],
  ['sigmaMin', 'sigmamin:0.1', { sigmaMin: 0.1 }],
  ['sigmaMax', 'sigmamax:12', { sigmaMax: 12 }],
  ['rho', 'rho:3', { rho: 3 }],
  ['discardPenultimateSigma', 'is:discardsigma', { discardPenultimateSigma: true }],
  ['zeroTerminalSnr', 'is:zerosnr', { zeroTerminalSnr: true }],
]

/** Settings that no search is of, and why. */
const notSearched: Record<string, string> = {
  width: 'of the picture, which size, width and height are of',
  height: 'likewise',
  model: 'by the name of what drew it',
  device: 'by the one that drew it',
  batchSize: 'of a picture that is there it is 1',
  batchStart: 'a place, as the seed says better',
  batchChoices: 'means nothing for a picture that is there',
  batchPrompts: 'a picture has its own as its prompt',
  promptTemplate: 'the prompt is what was made of it',
  negativePromptTemplate: 'likewise',
  'hires.promptTemplate': 'likewise',
  'hires.negativePromptTemplate': 'likewise',
  'adapters.text': 'mostly that of the U-Net',
  'adapters.blocks': 'a list of 26 numbers',
  'files.kind': 'a field each',
  'files.autoV3': 'the hash names the file already',
  'initImage.id': 'of a file: the lineage shows it',
  'controls.image': 'likewise',
  'editOf.id': 'likewise',
  'editOf.imageId': 'likewise',
  turboBecause: 'why, not how',
  unetWidening: 'how a run went, not what was asked',
  guidanceTogether: 'likewise',
  branch: 'a list of earlier settings: source:branch finds that there are some',
}

const partsOf = (name: string, schema: { shape: object }): string[] =>
  Object.keys(schema.shape).map((key) => `${name}.${key}`)

/** All settings by their names, those of parts behind a point. */
const allSettings = [
  ...Object.keys(generationRequestSchema.shape).filter(
    (key) => !['hires', 'inpaint', 'controls', 'upscale', 'editOf'].includes(key),
  ),
  ...partsOf('hires', hiresSchema),
  ...partsOf('inpaint', inpaintSchema),
  ...partsOf('controls', controlSchema.in),
  ...partsOf('upscale', upscaleSchema),
  ...partsOf('editOf', editOfSchema),
  ...partsOf('fast', fastSchema),
]

function withSettings(preprocessor: 'canny', settings: Record<string, number>): GenerationRequestInput
function withSettings(preprocessor: string, settings: Record<string, number>): GenerationRequestInput
function withSettings(preprocessor: string, settings: Record<string, number>): GenerationRequestInput {
  return { controls: [{ ...control, preprocessor, settings }] } as GenerationRequestInput
}

const image = (index: number, asked: GenerationRequestInput, changes: Partial<NewImage> = {}): NewImage =>
  newImage(index, {
    request: generationRequestSchema.parse({ seed: 1, width: 64, height: 64, ...asked }) as ResolvedRequest,
    ...changes,
  })

function historyOf(...images: NewImage[]): History {
  const database = openDatabase(join(temporaryFolder(), 'studio.db'))
  onTestFinished(() => void database.close())
  const history = openHistory(database, (file) => file)
  for (const each of images) history.add(each)
  return history
}

const find = (history: History, search: string): string[] => history.ids({ search, trashed: false }, 500)

describe('R17: a search finds pictures by every setting', () => {
  const images = searches.map(([, , asked], index) => image(index, asked))
  const plain = image(searches.length, { prompt: 'plain' })

  it('that their requests have', () => {
    const history = historyOf(...images, plain)
    for (const [index, [, search]] of searches.entries()) {
      const found = find(history, search)
      expect(found, search).toContain(images[index].id)
      expect(found, search).not.toContain(plain.id)
      const others = find(history, `-${search}`)
      expect(others, search).not.toContain(images[index].id)
      expect(others, search).toContain(plain.id)
    }
  })

  it('and every setting of a request is among them, or says why not', () => {
    const named = new Set([...searches.map(([setting]) => setting), ...Object.keys(notSearched)])
    const isNamed = (setting: string): boolean =>
      named.has(setting) || [...named].some((each) => each.startsWith(`${setting}.`))
    expect(allSettings.filter((setting) => !isNamed(setting))).toEqual([])
  })

  it('and by what made them', () => {
    const history = historyOf(
      image(0, {}, { engineVersion: '0.9.1', onnxRuntimeVersion: '1.30.0', worker: 'Attic' }),
      plain,
    )
    for (const search of ['engine:0.9', 'onnxruntime=1.30.0', 'worker:attic'])
      expect(find(history, search)).toHaveLength(1)
  })
})
