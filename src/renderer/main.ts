import '@fontsource-variable/inter'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'

// In two tasks: to make what checks a request takes as long as to read all else.
void import('../shared/request/request.ts').then(() => import('./window.ts'))
