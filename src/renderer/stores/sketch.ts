import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Whether the sketch pad lies beside the canvas. */
export const useSketch = defineStore('sketch', () => ({ isOpen: ref(false) }))
