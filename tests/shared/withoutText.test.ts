import { describe, expect, it } from 'vitest'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import { unreadFields, withoutText } from '../../src/shared/request/withoutText.ts'

const written = generationRequestSchema.parse({
  prompt: 'a cat',
  negativePrompt: 'a dog',
  styles: ['Oil'],
  guidanceScale: 7,
  adapters: [{ name: 'cats' }],
  hires: { prompt: 'a large cat', guidanceScale: 5 },
  steps: 30,
  seed: 4,
})

describe('a request to a model that knows no text', () => {
  it('keeps what decides its picture, and no words', () => {
    const left = withoutText(written)
    expect(left).toMatchObject({ steps: 30, seed: 4, hires: { scale: 2, denoiseStrength: 0.7 } })
    expect(JSON.stringify(left)).not.toMatch(/cat|dog|Oil/)
    expect([left.guidanceScale, left.hires?.guidanceScale]).toEqual([1, null])
    expect(generationRequestSchema.parse(left)).toEqual(left)
  })

  it('is said to have given in vain what is not read, and nothing else', () => {
    expect(
      unreadFields({ prompt: 'a cat', negativePrompt: '', steps: 30, guidanceScale: undefined }),
    ).toEqual(['prompt'])
    expect(unreadFields(written)).toEqual(['prompt', 'negativePrompt', 'styles', 'guidanceScale', 'adapters'])
    expect(unreadFields(withoutText(written))).toEqual([])
  })
})
