import { describe, expect, it } from 'vitest'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import { bracketNotes, letterNotes, requestNotes, sayNote } from '../../src/shared/request/requestNotes.ts'
import { splitFusedName } from '../../src/shared/models/samplers.ts'

const notes = (request: GenerationRequestInput) =>
  Object.fromEntries(
    requestNotes(generationRequestSchema.parse(request)).map(({ kind, list }) => [kind, list]),
  )

describe('the notes on a request', () => {
  it('name tags, embeddings and wildcards that do nothing, each once', () => {
    const prompt =
      'a cat <lora:cats:0.8>, <lora:cats:0.8> <lyco:x> <hypernet:anime:1> <foo:bar> __nothing/a.b__'
    const negativePrompt =
      '(easynegative:1.2), bad-hands-5, embedding:soft.pt, <soft-style>, badly drawn hands'
    expect(notes({ prompt, negativePrompt })).toEqual({
      lora: ['<lora:cats:0.8>', '<lyco:x>'],
      hypernetwork: ['<hypernet:anime:1>'],
      tag: ['<foo:bar>'],
      wildcardLeft: ['__nothing/a.b__'],
      embedding: ['easynegative', 'bad-hands-5', 'embedding:soft.pt', '<soft-style>'],
    })
  })

  it('say nothing of files that the request was resolved to', () => {
    const hash = '0'.repeat(64)
    const files = [
      { kind: 'lora' as const, name: 'Cats', hash },
      { kind: 'embedding' as const, name: 'easynegative', hash },
    ]
    expect(notes({ prompt: '<lora:cats:0.8>', negativePrompt: 'embedding:easynegative.pt', files })).toEqual(
      {},
    )
  })

  it('name what is wrong with a LoRA tag, and those in the negative prompt', () => {
    const files = [{ kind: 'lora' as const, name: 'a', hash: '0'.repeat(64) }]
    const prompt = '<lora:a:much> <lora:a:1:dyn=4>'
    expect(notes({ prompt, negativePrompt: '<lora:a:1>', files })).toEqual({
      loraStrength: ['<lora:a:much>'],
      loraPart: ['dyn=4 (a)'],
      loraInNegative: ['<lora:a:1>'],
    })
  })

  it('say of tags that they are words where ComfyUI reads them so', () => {
    expect(notes({ prompt: '<lora:a:1>', seedConvention: 'ComfyUI' })).toEqual({ tagAsWords: ['<lora:a:1>'] })
  })

  it('name the parts of Dynamic Prompts that are not followed', () => {
    const prompt = '${colour=red} a ${colour} %{x$$y} __hair(colour=red)__ {@a|b} __@name__'
    const found = notes({ prompt })
    expect(found.dynamicPrompts).toEqual(['${colour=red}', '${colour}', '%{x$$y}', '__hair(colour=red)__'])
    expect(found.inTurn).toEqual(['{@a|', '__@name__'])
  })

  it('are none for ordinary prompts', () => {
    const prompt =
      '(red:1.2) [a|b] {soft} snake_case, a < b > c, <3, 5 < 6:7, costs 2$$, https://x.y/a__b, [x:0.5]'
    expect(notes({ prompt, negativePrompt: 'bad anatomy, easy' })).toEqual({})
  })

  it('tell when there is no guidance away from the negative prompt', () => {
    expect(notes({ guidanceScale: 1, negativePrompt: 'blurry' })).toEqual({ negativeUnused: [] })
    expect(notes({ guidanceScale: 1.1, negativePrompt: 'blurry' })).toEqual({})
    expect(notes({ guidanceScale: 1, negativePrompt: ' ' })).toEqual({})
  })

  it('tell where "Fast" forecasts nothing', () => {
    expect(notes({ fast: {}, steps: 9 })).toEqual({ fastUnused: [] })
    expect(notes({ fast: {}, sampler: 'DPM adaptive' })).toEqual({ fastUnused: [] })
    expect(notes({ fast: {}, steps: 10 })).toEqual({})
    expect(notes({ steps: 9 })).toEqual({})
  })

  it('tell when so few steps leave the starting picture as it was, or nothing of it', () => {
    const initImage = { id: '0'.repeat(64) }
    const kinds = (request: GenerationRequestInput) => Object.keys(notes({ initImage, ...request }))
    expect(kinds({ steps: 5, denoiseStrength: 0.1, seedConvention: 'diffusers' })).toEqual(['noStepsLeft'])
    expect(kinds({ steps: 10, denoiseStrength: 0.1, seedConvention: 'diffusers' })).toEqual([])
    expect(kinds({ steps: 1, denoiseStrength: 0.5 })).toEqual(['startIgnored'])
    expect(kinds({ steps: 1, denoiseStrength: 0 })).toEqual([])
    expect(notes({ steps: 1, denoiseStrength: 0.5 })).toEqual({})
  })

  it('are read in no time, however long and odd the prompt', () => {
    const before = process.threadCpuUsage()
    for (const part of ['<', '<a:', '__', '__a', '${', '{@', '<lora:', '__a(', '>', 'a__ b', '__@'])
      notes({ prompt: part.repeat(Math.floor(20_000 / part.length)) })
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000)
  })

  it('are sentences with what they are about, shortened where that is much', () => {
    expect(sayNote({ kind: 'wildcard', list: ['__$&__'] })).toMatch(/as it is: __\$&__$/)
    const list = Array.from({ length: 20 }, (_, i) => `<lora:${i}>`)
    expect(sayNote({ kind: 'lora', list })).toMatch(/<lora:7> \(\+12\)$/)
  })
})

it.each([
  ['Euler Ancestral', 'Euler a', undefined],
  ['Euler Ancestral Karras', 'Euler a', 'Karras'],
  ['euler_ancestral_karras', 'Euler a', 'Karras'],
  ['dpmpp_2m_sgm_uniform', 'DPM++ 2M', 'SGM Uniform'],
  ['DPM++ 2M Align Your Steps', 'DPM++ 2M', 'Align Your Steps'],
  ['DPM++ 2M Karras', 'DPM++ 2M', 'Karras'],
])('the name %s holds the sampler %s and the schedule %s', (text, sampler, schedule) => {
  expect(splitFusedName(text)).toEqual(schedule ? { sampler, schedule } : { sampler })
})

it('what weighs nothing to models that read plain words is named, each once', () => {
  const prompt = 'a (red:1.2) house, ((large)), [old], a lake (in summer), (red:1.2)'
  expect(bracketNotes({ prompt, negativePrompt: '' })).toEqual([
    { kind: 'brackets', list: ['(red:1.2)', '((large))', '[old]'] },
  ])
  expect(bracketNotes({ prompt: 'a lake (in summer)', negativePrompt: '' })).toEqual([])
})

it('words in other letters are named to models that were taught in English, names of files are not', () => {
  const prompt = '一只 red 狐狸, <lora:国风:0.8> __动物__ café, ärger, 一只'
  expect(letterNotes({ prompt, negativePrompt: 'красный дом, embedding:坏手' })).toEqual([
    { kind: 'letters', list: ['一只', '狐狸', 'красный', 'дом'] },
  ])
  expect(letterNotes({ prompt: 'a naïve façade, 4k, Ⅳ', negativePrompt: '' })).toEqual([])
})
