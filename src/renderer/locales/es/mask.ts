import type { Begun } from '../en.ts'
import type { mask as english } from '../en/mask.ts'

export const mask: Begun<typeof english> = {
  label: 'Máscara',
  paper: 'La imagen inicial, para pintar la máscara',
  keys: 'Las flechas mueven el pincel, con Mayús poco a poco, e Intro lo apoya; con Alt borra. Escape deshace lo que no está terminado. [ y ] cambian el tamaño, B, E, L y R eligen con qué pintar.',
  open: 'Pintar una máscara',
  reopen: 'Seguir con la máscara',
  openHelp:
    'Lo que pintes encima se hace de nuevo; el resto se queda. Los bordes se pueden arrastrar para ampliar la imagen.',
  tools: 'Herramientas de la máscara',
  tool: 'Pintar con',
  brush: 'Pincel',
  eraser: 'Borrador',
  lasso: 'Lazo',
  rectangle: 'Rectángulo',
  help: {
    brush: 'Pincel (B). Un lápiz pinta tan ancho como se presione; el botón derecho borra.',
    eraser: 'Borrador (E)',
    lasso:
      'Lazo (L): todo lo que encierra la línea. Intro fija sus esquinas, y la misma dos veces la cierra.',
    rectangle: 'Rectángulo (R). Intro fija una esquina y luego la otra.',
    size: 'Ancho del pincel, en píxeles de la imagen: [ y ]',
  },
  size: 'Ancho del pincel',
  redo: 'Rehacer',
  invert: 'Invertir la máscara (I)',
  grow: 'Agrandar 4 píxeles (G)',
  shrink: 'Encoger 4 píxeles (Mayús+G)',
  feather: 'Suavizar el borde 4 píxeles',
  clear: 'Vaciar la máscara (Supr)',
  fit: 'Verlo todo (0)',
  close: 'Guardar la máscara',
  edge: {
    left: 'Ampliar por la izquierda',
    top: 'Ampliar por arriba',
    right: 'Ampliar por la derecha',
    bottom: 'Ampliar por abajo',
  },
  edgeHelp:
    'Arrastra hacia fuera para ampliar la imagen; un doble clic lo deshace. A lo nuevo le va bien una fuerza alta.',
  pixels: '{count} píxeles',
  areaLabel: 'Zona',
  areaHelp:
    'Solo la máscara: la parte enmascarada se pinta al tamaño de arriba y se devuelve a su sitio, y la imagen conserva su tamaño.',
  area: { whole: 'Toda la imagen', masked: 'Solo la máscara' },
  padding: 'Margen',
  paddingHelp: 'Cuántos píxeles alrededor de la máscara se miran también: más dicen más de lo que hay ahí.',
  contentLabel: 'Contenido enmascarado',
  contentHelp: 'Qué hay bajo la máscara cuando se empieza a pintar.',
  content: { fill: 'Rellenar', original: 'Original', noise: 'Ruido latente', nothing: 'Nada latente' },
  contentNote: {
    fill: 'los colores de alrededor',
    original: 'lo que hay ahí',
    noise: 'más ruido, con fuerza alta',
    nothing: 'un gris liso, con fuerza alta',
  },
  blur: 'Desenfoque',
  blurHelp: 'Con qué suavidad pasa lo nuevo a lo viejo, en píxeles.',
  edgesLabel: 'Borde',
  edgesHelp:
    'Suave: cuanto más clara la máscara, con más fuerza se pinta, y así lo nuevo se une a lo que lo rodea.',
  edges: { hard: 'Duro', soft: 'Suave' },
  result: 'El resultado mide {width} × {height}',
  addNothing: 'No ampliar',
}
