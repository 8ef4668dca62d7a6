import type { Begun } from '../en.ts'
import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: Begun<typeof english> = {
  title: 'Entrenamiento',
  sentence: 'Una red ve imágenes bajo ruido y aprende a decir cuál era el ruido. Eso es todo.',
  views: { pictures: 'Pasos', starters: 'Starters', learning: 'Algoritmo 1', drawing: 'Algoritmo 2' },
  says: {
    learning:
      'Cómo aprende: toma una imagen, un paso y ruido, mézclalos de una vez, y corrige la red tanto como se equivoque su estimación del ruido.',
    drawing:
      'Cómo dibuja: del ruido puro, quita un poco del ruido que ve la red, devuelve menos ruido nuevo, y otra vez. En el último paso no se devuelve nada.',
  },
  caption: 'Después de {step} de {of} pasos, todas con el mismo ruido.',
  checkpoint: 'Pasos de entrenamiento',
  pixels:
    'Son las imágenes de «Starter, pixels», que viene con el estudio: 32 × 32 píxeles, sin palabras, entrenado con escenas dibujadas por un programa.',
  curves: 'Lo bien que estima',
  loss: 'loss',
  lossTitle: 'Loss por pasos',
  now: 'en este paso',
  end: 'al final',
  errorTitle: 'Error por paso de tiempo, escenas no vistas',
  errorHelp:
    'Con mucho ruido (derecha) el ruido es fácil de ver y la imagen difícil de adivinar; con poco ruido (izquierda) es al revés.',
  starterCaption: 'Starter {which} de {of}: {side} × {side} píxeles, con {kinds} clases de cosas aprendidas.',
  whichStarter: 'Qué starter',
  startersHelp:
    'Cada starter que entrenó este proyecto, con las mismas nueve imágenes pedidas: seed 1, 20 pasos de DDIM, CFG 4, el motor de hoy. Son modelos propios, de entrenamientos propios, y no checkpoints de uno; los pesos del camino no se guardaron.',
  asked: 'Lo que se les pidió',
  askedHelp:
    'De izquierda a derecha, fila a fila. Lo que nombran las tres últimas, un zorro, un sombrero y un caballo, solo aprendió a dibujarlo el más nuevo. Las imágenes de 128 × 128 se muestran ampliadas; el más nuevo parte de un ruido mayor, así que su seed 1 es otro.',
  starterCurveTitle: 'Cómo aprendió el más nuevo',
  starterCurve: 'El error decreciente del denoiser del starter a lo largo de su entrenamiento',
  starterHelp:
    'Los starters aprenden como el modelo de píxeles, pero con latentes y con textos; el más nuevo lo hizo en una tarjeta gráfica, desde los pesos de uno anterior. De ese entrenamiento quedó este dibujo, sin sus números: la loss en 2870 pasos, en escala logarítmica.',
  toy: 'Entrena tú uno diminuto',
}
