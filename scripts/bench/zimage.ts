import { benchDit } from './dit.ts'

await benchDit('zimage')
