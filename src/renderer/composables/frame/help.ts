import { shallowRef, type Directive } from 'vue'

/** The help that shows now: one sentence beside the thing it is about. */
export const shownHelp = shallowRef<{ text: string; anchor: HTMLElement } | null>(null)

const hoverDelay = 500
const stillWarm = 300

let timer = 0
let hiddenAt = 0
/** Whether the keys go from control to control; what a dialog puts the focus on, nobody went to. */
let byKeyboard = false
addEventListener('keydown', ({ key }) => (byKeyboard = /^(Tab|Arrow|Home$|End$)/.test(key)), true)
addEventListener('pointerdown', () => (byKeyboard = false), true)

function show(anchor: HTMLElement, delay: number): void {
  clearTimeout(timer)
  const warm = shownHelp.value !== null || performance.now() - hiddenAt < stillWarm
  timer = window.setTimeout(
    () => {
      const text = texts.get(anchor)
      if (text && anchor.isConnected) shownHelp.value = { text, anchor }
    },
    warm ? 0 : delay,
  )
}

function hide(): void {
  clearTimeout(timer)
  if (shownHelp.value) hiddenAt = performance.now()
  shownHelp.value = null
}
addEventListener('pointerdown', hide, true)
addEventListener('blur', hide)
// whoever types has read it
addEventListener('keydown', ({ key }) => key !== 'Tab' && key !== 'Shift' && hide(), true)

const texts = new WeakMap<HTMLElement, string>()
const focusable = 'input, textarea, button'

function setText(element: HTMLElement, text: string | undefined): void {
  texts.set(element, text ?? '')
  const control = element.matches(focusable) ? element : element.querySelector(focusable)
  if (text && control && control.getAttribute('aria-label') !== text)
    control.setAttribute('aria-description', text)
  if (shownHelp.value?.anchor === element) shownHelp.value = text ? { text, anchor: element } : null
}

/** `v-help="sentence"`: shows it when the pointer rests on the element or the keyboard enters it. */
export const vHelp: Directive<HTMLElement, string | undefined> = {
  mounted(element, { value }) {
    setText(element, value)
    element.addEventListener('pointerenter', ({ buttons }) => buttons === 0 && show(element, hoverDelay))
    element.addEventListener('pointerleave', hide)
    element.addEventListener('focusin', () => byKeyboard && show(element, hoverDelay))
    element.addEventListener('focusout', hide)
  },
  updated: (element, { value, oldValue }) => {
    if (value !== oldValue) setText(element, value)
  },
  beforeUnmount: (element) => {
    if (shownHelp.value?.anchor === element) hide()
  },
}

declare module 'vue' {
  interface GlobalDirectives {
    vHelp: typeof vHelp
  }
}
