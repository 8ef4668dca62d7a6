import '@fontsource-variable/inter'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createI18n } from 'vue-i18n'
import App from './App.vue'
import { vHelp } from './composables/help.ts'
import { en } from './locales/en.ts'
import { zh } from './locales/zh.ts'
import { startStudio } from './wiring.ts'

const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en, zh } })

createApp(App).use(createPinia()).use(i18n).directive('help', vHelp).mount('#app')
startStudio()
