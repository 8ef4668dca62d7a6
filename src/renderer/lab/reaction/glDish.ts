import { diffusion, type Field } from '../maths/grayScott.ts'
import type { Dish } from './dish.ts'
import { paletteTable, type Palette } from './palettes.ts'

/** Gray-Scott on the graphics card: u and v are the first two channels of a float texture that is read and written in turn. */

const vertex = `#version 300 es
in vec2 corner;
void main() { gl_Position = vec4(corner, 0.0, 1.0); }`

const reacting = `#version 300 es
precision highp float;
uniform sampler2D field;
uniform float feed, kill;
out vec4 next;
void main() {
  ivec2 size = textureSize(field, 0);
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 low = (at + size - 1) % size, high = (at + 1) % size;
  #define cell(x, y) texelFetch(field, ivec2(x, y), 0).rg
  vec2 here = cell(at.x, at.y);
  vec2 spread = 0.2 * (cell(at.x, low.y) + cell(at.x, high.y) + cell(low.x, at.y) + cell(high.x, at.y))
    + 0.05 * (cell(low.x, low.y) + cell(high.x, low.y) + cell(low.x, high.y) + cell(high.x, high.y)) - here;
  float eaten = here.r * here.g * here.g;
  next = vec4(
    here.r + ${diffusion.u} * spread.r - eaten + feed * (1.0 - here.r),
    here.g + ${diffusion.v} * spread.g + eaten - (feed + kill) * here.g, 0.0, 1.0);
}`

const colouring = `#version 300 es
precision highp float;
uniform sampler2D field, palette;
uniform vec2 shown;
out vec4 colour;
void main() {
  ivec2 size = textureSize(field, 0);
  ivec2 at = ivec2(gl_FragCoord.x / shown.x * float(size.x), (1.0 - gl_FragCoord.y / shown.y) * float(size.y));
  colour = texture(palette, vec2(clamp(texelFetch(field, clamp(at, ivec2(0), size - 1), 0).g * 2.5, 0.002, 0.998), 0.5));
}`

/** null where there is no WebGL 2 that draws into float textures. */
export function openGlDish(canvas: HTMLCanvasElement, field: Field): Dish | null {
  const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true })
  if (!gl?.getExtension('EXT_color_buffer_float')) return null
  const { width, height } = field
  const react = link(gl, reacting)
  const draw = painter(gl, canvas)
  const textures = [makeTexture(gl), makeTexture(gl)] as const
  const targets = [gl.createFramebuffer(), gl.createFramebuffer()] as const
  let current = 0
  screenTriangle(gl)

  function fill(filled: Field): void {
    for (const i of [0, 1]) {
      upload(gl!, textures[i], filled)
      gl!.bindFramebuffer(gl!.FRAMEBUFFER, targets[i])
      gl!.framebufferTexture2D(gl!.FRAMEBUFFER, gl!.COLOR_ATTACHMENT0, gl!.TEXTURE_2D, textures[i], 0)
    }
  }
  fill(field)

  return {
    kind: 'webgl',
    async advance(steps, { feed, kill }, palette) {
      gl.useProgram(react)
      gl.viewport(0, 0, width, height)
      gl.uniform1f(gl.getUniformLocation(react, 'feed'), feed)
      gl.uniform1f(gl.getUniformLocation(react, 'kill'), kill)
      gl.activeTexture(gl.TEXTURE0)
      for (let i = 0; i < steps; i++) {
        gl.bindTexture(gl.TEXTURE_2D, textures[current])
        gl.bindFramebuffer(gl.FRAMEBUFFER, targets[1 - current])
        gl.drawArrays(gl.TRIANGLES, 0, 3)
        current = 1 - current
      }
      draw(textures[current], palette)
    },
    drop: (x, y, radius) => putDrop(gl, textures[current], { width, height }, { x, y, radius }),
    fill,
    release: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  }
}

function upload(gl: WebGL2RenderingContext, texture: WebGLTexture, { width, height, u, v }: Field): void {
  const pairs = new Float32Array(2 * width * height)
  for (let i = 0; i < u.length; i++) pairs.set([u[i], v[i]], 2 * i)
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32F, width, height, 0, gl.RG, gl.FLOAT, pairs)
}

/** Draws a field on the canvas in the colours of a palette. */
function painter(gl: WebGL2RenderingContext, canvas: HTMLCanvasElement) {
  const colour = link(gl, colouring)
  const table = makeTexture(gl)
  let painted: Palette | null = null
  return (field: WebGLTexture, palette: Palette): void => {
    gl.activeTexture(gl.TEXTURE1)
    gl.bindTexture(gl.TEXTURE_2D, table)
    if (painted !== palette)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, paletteTable(palette))
    painted = palette
    gl.useProgram(colour)
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
    gl.viewport(0, 0, canvas.width, canvas.height)
    gl.uniform2f(gl.getUniformLocation(colour, 'shown'), canvas.width, canvas.height)
    gl.uniform1i(gl.getUniformLocation(colour, 'field'), 0)
    gl.uniform1i(gl.getUniformLocation(colour, 'palette'), 1)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, field)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
  }
}

/** A round drop, row by row; what would lie outside is left out. */
function putDrop(
  gl: WebGL2RenderingContext,
  field: WebGLTexture,
  { width, height }: { width: number; height: number },
  { x, y, radius }: { x: number; y: number; radius: number },
): void {
  gl.activeTexture(gl.TEXTURE0)
  gl.bindTexture(gl.TEXTURE_2D, field)
  for (let dy = -radius; dy <= radius; dy++) {
    const reach = Math.floor(Math.sqrt(radius * radius - dy * dy))
    const left = Math.max(0, Math.round(x) - reach)
    const right = Math.min(width - 1, Math.round(x) + reach)
    const row = Math.round(y) + dy
    if (row < 0 || row >= height || right < left) continue
    const pairs = Float32Array.from({ length: 2 * (right - left + 1) }, (_, i) => (i % 2 ? 0.25 : 0.5))
    gl.texSubImage2D(gl.TEXTURE_2D, 0, left, row, right - left + 1, 1, gl.RG, gl.FLOAT, pairs)
  }
}

function link(gl: WebGL2RenderingContext, fragment: string): WebGLProgram {
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind)!
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.bindAttribLocation(program, 0, 'corner')
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(gl.getProgramInfoLog(program) ?? 'link')
  return program
}

function makeTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST)
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE)
  return texture
}

/** One triangle that covers everything. */
function screenTriangle(gl: WebGL2RenderingContext): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer())
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW)
  gl.enableVertexAttribArray(0)
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0)
}
