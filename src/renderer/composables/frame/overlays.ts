import { ref } from 'vue'

const palette = ref(false)
const shortcuts = ref(false)
const settings = ref(false)
const queue = ref(false)
const tour = ref(false)
const news = ref(false)

/** What lies over the page, opened from anywhere: by a button, a key, or the command palette. */
export const useOverlays = () => ({ palette, shortcuts, settings, queue, tour, news })

/** Whether a dialog lies over the page, which hears no keys and takes nothing that is dropped meanwhile. */
export const isPageCovered = (): boolean =>
  document.querySelector('[role="dialog"][data-state="open"]:not(.popover), [role="alertdialog"]') !== null
