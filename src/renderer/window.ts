import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { vHelp } from './composables/frame/help.ts'
import { chosenLanguage } from './composables/frame/theme.ts'
import { openChannel } from './channel.ts'
import { i18n, speak } from './i18n.ts'
import { startStudio } from './wiring.ts'

const app = createApp(App).use(createPinia()).use(i18n).directive('help', vHelp)
startStudio({ open: openChannel, attention: window })
// In a task of its own: reading the code was one already.
const mount = () => setTimeout(() => app.mount('#app'))
// The first paint has the right words. Where they cannot be loaded the window says so, in English.
void speak(chosenLanguage()).then(mount, mount)
