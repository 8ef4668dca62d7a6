import { emptyField, putDrop, step, type Field, type Reaction } from '../maths/grayScott.ts'

/** The reaction where the graphics card cannot do it: fields in typed arrays, off the window's thread. */
export type ReactionMessage =
  | { do: 'fill'; field: Field }
  | { do: 'drop'; x: number; y: number; radius: number }
  | { do: 'advance'; steps: number; reaction: Reaction }

let now = emptyField(1, 1)
let next = emptyField(1, 1)

onmessage = ({ data }: MessageEvent<ReactionMessage>) => {
  if (data.do === 'fill') {
    now = data.field
    next = emptyField(now.width, now.height)
  } else if (data.do === 'drop') putDrop(now, data.x, data.y, data.radius)
  else {
    for (let i = 0; i < data.steps; i++) {
      step(now, next, data.reaction)
      ;[now, next] = [next, now]
    }
    postMessage(now.v)
  }
}
