import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRA',
  help: 'Archivos pequeños que cambian lo que pinta el modelo. Varios se suman.',
  add: 'Añadir un LoRA',
  search: 'Buscar en nombres y palabras de activación',
  none: 'Ningún LoRA tiene estas palabras.',
  more: '{count} más: escribe para encontrarlos.',
  madeFor: 'hecho para {family}',
  strength: 'Fuerza de {name}',
  textLabel: 'en el texto',
  text: 'Fuerza de {name} en los codificadores de texto',
  split: 'Otra fuerza en los codificadores de texto',
  join: 'La misma fuerza en los codificadores de texto',
  remove: 'Quitar {name}',
  inPrompt: 'en el prompt, {strength}',
  exported: 'Este modelo son redes ONNX exportadas: ningún LoRA puede cambiarlas. Usa el propio checkpoint.',
  gone: 'Este LoRA no está. Quítalo, o añade su carpeta en Modelos.',
  otherFamily: 'Hecho para {family}; el modelo es {model}. Elige otro modelo, o quítalo.',
  fewSteps: '{method}: usar su sampler, {steps} pasos y CFG',
  words: 'Palabras de activación',
  insert: 'Poner «{word}» en el prompt',
  vae: 'VAE',
  vaeHelp: 'Convierte los latentes terminados en colores. Otro cambia el contraste y los detalles finos.',
  ownVae: 'El del modelo',
}
