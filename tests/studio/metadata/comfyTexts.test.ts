import { describe, expect, it } from 'vitest'
import { type Nodes, node, read, run } from './comfyGraphs.ts'

describe('a text', () => {
  const text = (inputs: Nodes) =>
    read({ ...inputs, yes: node('CLIPTextEncode', { text: ['text', 0], clip: ['model', 1] }) })

  it.each([
    [node('DF_Text_Box', { Text: 'red hat' })],
    [node('Text Multiline', { text: 'red hat' })],
    [node('PrimitiveStringMultiline', { value: 'red hat' })],
    [node('CR Prompt Text', { prompt: 'red hat' })],
    [node('String Literal', { string: 'red hat' })],
    [node('easy positive', { positive: 'red hat' })],
    [node('SomePackTextBox', { content: 'red hat', lines: 3 })],
    [
      node('ImpactWildcardProcessor', {
        wildcard_text: '{red|blue} hat',
        populated_text: 'red hat',
        mode: 'populate',
      }),
    ],
    [node('StringConcatenate', { string_a: 'red', string_b: 'hat', delimiter: ' ' })],
    [
      node('Text Concatenate', {
        delimiter: ' ',
        clean_whitespace: 'true',
        text_a: ' red ',
        text_c: '  ',
        text_b: 'hat',
      }),
    ],
    [
      node('JoinStringMulti', {
        inputcount: 2,
        string_1: 'red',
        string_2: 'hat',
        delimiter: ' ',
        return_list: false,
      }),
    ],
    [node('CR Text Input Switch', { Input: 2, text1: 'blue hat', text2: 'red hat' })],
  ])('is read from %j', (box) => {
    const found = text({ text: box })
    expect(found.request.prompt).toBe('red hat')
    expect(found.lines).toEqual([])
  })

  it('is read through nodes that hand it on and join it', () => {
    const found = text({
      text: node('Reroute', { '': ['joined', 0] }),
      joined: node('CR Text Concatenate', { text1: ['one', 0], text2: ['two', 0], separator: ',\\n' }),
      one: node('ShowText|pysssss', { text: ['box', 0], text_0: 'old' }),
      box: node('ttN text', { text: 'red' }),
      two: node('CR Text', { text: 'hat' }),
    })
    expect(found).toMatchObject({ request: { prompt: 'red,\nhat' }, lines: [] })
  })

  it.each([
    [node('DPRandomGenerator', { text: '{red|blue} hat', seed: 3, autorefresh: 'No' })],
    [node('SDXLPromptStyler', { text_positive: 'hat', text_negative: '', style: 'anime' })],
    [node('TextGenerate', { prompt: 'Write a prompt for: hat', max_length: 512 })],
    [node('SomeWriter', { prompt: 'Write a prompt for: hat', seed: 3 })],
    [node('Florence2Run', { task: 'caption', image: ['x', 0], text_input: '' })],
  ])('that a node makes up is said, and is no prompt: %j', (maker) => {
    const found = text({ text: maker })
    expect(found.request.prompt).toBeUndefined()
    expect(found.lines.join('\n')).toContain(maker.class_type)
    expect(found.lines.join('\n')).toContain('its text comes from nodes that are not known')
  })
})

describe('on the way from a text to the sampler', () => {
  const through = (changed: Record<string, unknown>, type: string, more: Nodes = {}) =>
    read({
      changed: node(type, changed),
      other: node('CLIPTextEncode', { text: 'hat', clip: ['model', 1] }),
      ...more,
      ...run({ positive: ['changed', 0] }),
    })

  it.each([
    [
      'ConditioningAverage',
      { conditioning_from: ['other', 0], conditioning_to: ['yes', 0], conditioning_to_strength: 0.3 },
      ['0.3', 'mixes two texts'],
    ],
    [
      'ConditioningSetArea',
      { conditioning: ['yes', 0], width: 256, height: 128, x: 8, y: 0, strength: 0.9 },
      ['width: 256', 'part of the picture'],
    ],
    [
      'ConditioningSetTimestepRange',
      { conditioning: ['yes', 0], start: 0.2, end: 1 },
      ['start: 0.2', 'part of the steps'],
    ],
    ['FluxGuidance', { conditioning: ['yes', 0], guidance: 3.5 }, ['guidance: 3.5']],
    [
      'unCLIPConditioning',
      { conditioning: ['yes', 0], strength: 0.75, noise_augmentation: 0 },
      ['strength: 0.75', 'picture'],
    ],
    ['SomeUnknownThing', { conditioning: ['yes', 0], amount: 4 }, ['SomeUnknownThing', 'amount: 4']],
  ])('%s is said with its values', (type, inputs, parts) => {
    const found = through(inputs, type)
    expect(found.request.prompt).toMatch(/^cat/)
    for (const part of parts) expect(found.lines.join('\n')).toContain(part)
  })

  it('a ControlNet is taken over but for its picture, once for both sides, and said', () => {
    const found = through(
      {
        positive: ['yes', 0],
        negative: ['no', 0],
        control_net: ['net', 0],
        image: ['picture', 0],
        strength: 0.8,
        start_percent: 0,
        end_percent: 0.6,
      },
      'ControlNetApplyAdvanced',
      {
        net: node('ControlNetLoader', { control_net_name: 'canny.pth' }),
        picture: node('LoadImage', { image: 'edge.png' }),
      },
    )
    expect(found.request).toMatchObject({ prompt: 'cat', negativePrompt: 'dog' })
    expect(found.request.controls).toEqual([
      {
        ...{ model: 'canny', image: null, preprocessor: 'none', settings: {} },
        ...{ weight: 0.8, start: 0, end: 0.6, mode: 'balanced' },
      },
    ])
    const line = found.lines.find((each) => each.startsWith('positive'))
    for (const part of ['canny.pth', 'edge.png', 'strength: 0.8', 'end_percent: 0.6', 'choose it'])
      expect(line).toContain(part)
    expect(found.lines.filter((each) => each.startsWith('negative'))).toEqual([])
  })

  it('zeroed guidance is not an empty text', () => {
    const zero = node('ConditioningZeroOut', { conditioning: ['yes', 0] })
    const found = read({ zero, ...run({ negative: ['zero', 0] }) })
    expect(found.request.negativePrompt).toBeUndefined()
    expect(found.lines).toContainEqual(expect.stringMatching(/^negative: ConditioningZeroOut .*zeros/))
  })
})
