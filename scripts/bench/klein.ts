import { benchDit } from './dit.ts'

await benchDit('klein')
