import type { Begun } from '../en.ts'
import type { labRace as english } from '../en/labRace.ts'

export const labRace: Begun<typeof english> = {
  title: 'Carrera de samplers',
  sentence:
    'El mismo ruido con los samplers que elijas, y ninguno puede preguntar a la red más veces que otro.',
  settings: 'La carrera',
  name: '{sampler}, {schedule}',
  samplerOf: 'Sampler del corredor {number}',
  scheduleOf: 'Scheduler del corredor {number}',
  leave: 'Sacar {name} de la carrera',
  add: 'Añadir un corredor',
  twice: '{name} ya corre.',
  evaluations: 'Evaluaciones',
  evaluationsHelp:
    'Más rondas: líneas más largas en el gráfico, y cada ronda tarda el doble que la anterior.',
  upTo: 'Hasta {count}',
  referenceRun: 'Referencia',
  referenceName: 'Referencia: {name}, {evaluations} evaluaciones',
  referenceHelp:
    'Evaluaciones de DPM++ 2M con el scheduler Normal, cuyo final se toma por exacto. Menos: antes, y ningún error menor es fiable.',
  go: 'Empezar la carrera',
  goOn: 'Seguir con la carrera',
  stop: 'Detener',
  running: {
    reference: 'La referencia en {evaluations} evaluaciones',
    own: '{name}: {evaluations} evaluaciones',
    other: '{name}: {evaluations} evaluaciones con otro ruido',
  },
  ahead: 'Quedan {count} evaluaciones.',
  interrupted: 'Se le pidió otra cosa al modelo. Quedan {count} evaluaciones.',
  over: 'Todo está corrido.',
  round: 'Evaluaciones de las generaciones que se ven',
  at: 'Después de {at} de {of} evaluaciones',
  evaluation: 'Evaluación',
  play: 'Dejar que se revelen',
  pause: 'Pausa',
  ran: '{evaluations} evaluaciones en {steps} pasos',
  error: 'a {error} de la referencia',
  develops: 'una de {round} evaluaciones…',
  verdict: {
    open: 'una ronda aún no dice nada',
    converges: 'converge: orden {order}',
    stays: 'no se acerca: orden {order}',
    wanders: 'vaga: otro ruido acaba a {spread}',
  },
  curve: 'Distancia a la referencia',
  kind: { whole: 'Generaciones enteras', inside: 'Dentro de una generación' },
  titleWhole: 'Error de generaciones enteras',
  titleInside: 'Error de la estimación en la generación de {round}',
  says: {
    whole:
      'Cada punto es una generación entera con ese número de evaluaciones, y lo lejos que sus latentes (desviación de cerca de 1) quedan de la referencia. Eso es convergencia: cuanto más empinada cae una línea, mayor es el orden. Una línea discontinua vaga: su imagen depende del ruido que añade, así que se compara con una imagen de muchas igual de buenas.',
    inside:
      'La estimación de la imagen limpia en cada evaluación dentro de una generación, para lo que no hace falta ninguna más. Muestra cómo se desarrolla una imagen, no qué sampler es más exacto: cada estimación acaba en la imagen de su propia generación.',
  },
  keep: 'Guardar {count} como imágenes',
  keepHelp:
    'Pone en la cola la imagen de esta ronda de cada corredor, una imagen corriente de la biblioteca.',
  queued: '{count} imágenes están en la cola.',
  caption:
    '«{prompt}», seed {seed}: el mismo ruido con varios samplers después de {at} de {of} evaluaciones, comparado con DPM++ 2M en {reference}.',
  cannot:
    'Elige otra imagen. Hacia delante y Espacio latente miran esta con cualquier modelo que sepa leer imágenes.',
  note: {
    unknown: 'La dirección nombra lo que no es un sampler con scheduler: {names}. Los demás corren.',
    repeated: 'La dirección nombra dos veces: {names}. Corren una vez.',
    tooMany: 'No corren más de {most}: {names} se quedó fuera.',
    evaluations: 'No hay una última ronda de {asked} evaluaciones: se tomaron {taken}.',
    reference: 'La referencia no puede tener {asked} evaluaciones: se tomaron {taken}.',
    round: 'No hay una ronda de {asked} evaluaciones (hay {rounds}): se ve la más nueva.',
    start: 'Esta imagen empezó con otra; la carrera empieza solo con su ruido.',
    branch: 'Esta imagen es una rama; corre como si toda se dibujara como acaba.',
    hires: 'Solo corre la primera pasada.',
    fast: '«Rápido» se deja fuera: se piden todas las predicciones.',
    turned:
      'Lo que esta imagen cambió en su sampler (eta, churn, rho) se deja fuera: cada uno corre como está hecho.',
    takes:
      'Este modelo mezcla imagen y ruido en línea recta (flow). Acepta {samplers}; con los schedulers {schedules}. Los demás meten ruido según reglas que no sigue.',
  },
}
