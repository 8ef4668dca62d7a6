import training from '../../../../training/ddpm.py?raw'
import trainer from '../../../../training/pixel_model.py?raw'
import studio from '../../../engine/samplers/ddpm.ts?raw'
import { sourceOf } from './sourceOf.ts'

/** An algorithm of DDPM as it is printed, and the code here that does it: read from its file, so that both stay the same. */
export interface Algorithm {
  tex: string
  code: readonly { file: string; text: string }[]
}

/** Ho, Jain and Abbeel 2020, Algorithm 1. */
const learning: Algorithm = {
  tex: String.raw`\begin{array}{rl}
1: & \textbf{repeat}\\
2: & \quad x_0 \sim q(x_0)\\
3: & \quad t \sim \mathrm{Uniform}(\{1,\dots,T\})\\
4: & \quad \varepsilon \sim \mathcal N(0, I)\\
5: & \quad \text{step down } \nabla_\theta \bigl\lVert \varepsilon - \varepsilon_\theta(\sqrt{\bar\alpha_t}\,x_0 + \sqrt{1-\bar\alpha_t}\,\varepsilon,\; t) \bigr\rVert^2\\
6: & \textbf{until } \text{converged}
\end{array}`,
  code: [
    {
      file: 'training/ddpm.py',
      text: ['noisy', 'loss_of'].map((name) => sourceOf(training, name)).join('\n\n'),
    },
    { file: 'training/pixel_model.py', text: sourceOf(trainer, 'take_step') },
  ],
}

/** Algorithm 2. */
const drawing: Algorithm = {
  tex: String.raw`\begin{array}{rl}
1: & x_T \sim \mathcal N(0, I)\\
2: & \textbf{for } t = T, \dots, 1 \textbf{ do}\\
3: & \quad z \sim \mathcal N(0, I) \text{ if } t > 1, \text{ else } z = 0\\
4: & \quad x_{t-1} = \tfrac{1}{\sqrt{\alpha_t}}\Bigl(x_t - \tfrac{1-\alpha_t}{\sqrt{1-\bar\alpha_t}}\,\varepsilon_\theta(x_t, t)\Bigr) + \sigma_t z\\
5: & \textbf{end for}\\
6: & \textbf{return } x_0
\end{array}`,
  code: [
    { file: 'training/ddpm.py', text: sourceOf(training, 'sample') },
    { file: 'src/engine/samplers/ddpm.ts', text: sourceOf(studio, 'ddpm') },
  ],
}

export const algorithms = { learning, drawing } as const
