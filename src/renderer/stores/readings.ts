import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { PromptReadings } from '../../shared/calls/promptCalls.ts'
import { studio } from '../studio.ts'
import { useConnection } from './connection.ts'
import { useForm } from './form.ts'

/** Ms after the last key before the studio is asked. */
const pause = 150
/** Ms after which it is asked although changes go on, as while a number is dragged. */
const patience = 400

/** What the chosen model reads of the prompts in the form, and its noise levels; null while it cannot be told. */
export const useReadings = defineStore('readings', () => {
  const connection = useConnection()
  const form = useForm()
  const readings = shallowRef<PromptReadings | null>(null)
  let asked = 0

  const wanted = computed(() =>
    connection.state === 'connected' && form.model?.info ? JSON.stringify(form.toRequest()) : null,
  )

  watchDebounced(
    wanted,
    async () => {
      const own = ++asked
      // What is wrong with a request is said when it is sent.
      const answer =
        wanted.value === null ? null : await studio.readPrompts(form.toRequest()).catch(() => null)
      if (own === asked) readings.value = answer
    },
    { debounce: pause, maxWait: patience, immediate: true },
  )

  return { readings }
})
