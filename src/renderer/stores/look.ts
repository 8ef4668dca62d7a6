import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { LookProgress } from '../../shared/calls/insideCalls.ts'
import type { WalkProgress } from '../../shared/calls/mixCalls.ts'
import type { RaceGuess } from '../../shared/calls/raceCalls.ts'

/** How far the look into a model that is under way has come; null: nothing was told of it yet. */
export const useLookProgress = defineStore('look', () => {
  const progress = ref<LookProgress | null>(null)
  const walk = ref<WalkProgress | null>(null)
  const guess = shallowRef<RaceGuess | null>(null)
  return { progress, walk, guess }
})
