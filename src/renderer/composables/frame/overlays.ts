import { ref } from 'vue'

const palette = ref(false)
const shortcuts = ref(false)
const settings = ref(false)
const queue = ref(false)
const tour = ref(false)
const news = ref(false)

/** What lies over the page, opened from anywhere: by a button, a key, or the command palette. */
export const useOverlays = () => ({ palette, shortcuts, settings, queue, tour, news })
