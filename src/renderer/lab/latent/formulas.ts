/** Shoemake 1985, section 3.3. */
export const slerpFormula = (name: string): string =>
  String.raw`\begin{aligned}${name} &= \frac{\sin((1-t)\,\Omega)}{\sin\Omega}\,${name}_1 + \frac{\sin(t\,\Omega)}{\sin\Omega}\,${name}_2\\[0.9em] \cos\Omega &= \frac{${name}_1\cdot ${name}_2}{\lVert ${name}_1\rVert\,\lVert ${name}_2\rVert}\end{aligned}`

export const lerpFormula = String.raw`c = (1-t)\,c_1 + t\,c_2`

export const bothFormula = String.raw`\begin{aligned}\varepsilon &= \frac{\sin((1-t)\,\Omega)}{\sin\Omega}\,\varepsilon_1 + \frac{\sin(t\,\Omega)}{\sin\Omega}\,\varepsilon_2\\[0.9em] c &= (1-t)\,c_1 + t\,c_2\end{aligned}`

export const wordFormula = String.raw`c = c_{p} + s\,\bigl(c_{p+w} - c_{p}\bigr)`

export const channelFormula = String.raw`z'_k = a_k\,z_k + b_k`

const points = 101

/** What slerp takes of each of two over t, at an angle between them. */
export function slerpWeights(angle: number, [one, other]: readonly [string, string]) {
  const sine = Math.sin(angle)
  const weight = (t: number): number => (sine > 1e-6 ? Math.sin(t * angle) / sine : t)
  const x = Float64Array.from({ length: points }, (_, i) => i / (points - 1))
  return [
    { name: one, x, y: x.map((t) => weight(1 - t)) },
    { name: other, x, y: x.map(weight) },
  ]
}
