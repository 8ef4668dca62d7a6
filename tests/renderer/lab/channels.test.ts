import { expect, it } from 'vitest'
import {
  channelAlone,
  channelNumbers,
  channelRanges,
  channelText,
  editedChannels,
} from '../../../src/renderer/lab/latent/channels.ts'

const latents = Float32Array.of(1, 3, -2, 2, 5, 7)

it('each channel is scaled and shifted by its own numbers', () => {
  expect([...editedChannels(latents, [2, 0, 1], [0, 1, -1])]).toEqual([2, 6, 1, 1, 4, 6])
  expect(editedChannels(latents, [1, 1, 1], [0, 0, 0])).toEqual(latents)
})

it('a channel alone leaves the others at their means', () => {
  expect([...channelAlone(latents, 0, 3)]).toEqual([1, 3, 0, 0, 6, 6])
  expect([...channelAlone(latents, 2, 3)]).toEqual([2, 2, 0, 0, 5, 7])
})

it('numbers come back from the address, and what is none of them is as usual', () => {
  expect(channelNumbers(channelText([1, 0.5, -1], 1), 3, channelRanges.scale)).toEqual([1, 0.5, -1])
  expect(channelText([1, 1, 1], 1)).toBe('')
  expect(channelNumbers('', 2, channelRanges.scale)).toEqual([1, 1])
  expect(channelNumbers('2,x,1e9', 4, channelRanges.shift)).toEqual([2, 0, 2, 0])
})
