import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: 'Suelta, pega o elige una imagen',
  release: 'Suelta para empezar desde ella',
  reading: 'Leyendo la imagen…',
  alt: 'La imagen inicial',
  size: '{width} × {height}',
  takeShape: 'Dibujar con su forma: {width} × {height}',
  found: 'Su archivo dice cómo se hizo ({source}).',
  useFound: 'Usarlo',
  useFoundHelp: 'Rellena los controles con los ajustes del archivo y quita la imagen inicial.',
  noise: '{share} de ruido',
  noiseHelp: 'Qué parte de aquello con lo que se empieza es ruido, por su varianza; el resto es la imagen.',
  noised: 'La imagen inicial con {share} de ruido, como la ve el modelo',
  seeNoise: 'Ver el ruido',
  seeNoiseHelp: 'Muestra la imagen con el ruido del que parte esta fuerza, como la ve el modelo.',
  looking: 'El modelo mira la imagen…',
  change: {
    crop: 'Se recorta el {share}',
    fit: 'Se añade el {share}: sus bordes, alargados',
    stretch: 'Estirada un {share}',
  },
  seeFitting: 'Verla en el lienzo',
  seeFittingHelp:
    'Muestra en el lienzo cómo se usa la imagen con este tamaño, mientras cambias lo uno o lo otro.',
  fitted: 'La imagen inicial tal como se usa, a {width} × {height}: {change}',
  backFromFitting: 'Volver a la última imagen',
}
