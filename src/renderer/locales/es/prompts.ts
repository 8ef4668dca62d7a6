import type { Begun } from '../en.ts'
import type { prompts as english } from '../en/prompts.ts'

export const prompts: Begun<typeof english> = {
  forever: {
    label: 'Sin fin',
    help: 'Sin fin: una imagen tras otra, cada una con una semilla nueva, hasta que canceles una.',
  },
  suggest: {
    label: 'Sugerencias',
    count: 'ninguna sugerencia | 1 sugerencia | {count} sugerencias',
    kind: {
      prompt: 'tu prompt',
      embedding: 'embedding',
      lora: 'LoRA',
      wildcard: 'wildcard',
      style: 'estilo',
      tag: 'etiqueta',
    },
  },
  prompts: {
    open: 'Prompts',
    help: 'Prompts: los que guardaste con un nombre y los de tus imágenes.',
    search: 'Buscar en tus prompts',
    saved: 'Guardados',
    past: 'De tus imágenes',
    none: 'Ningún prompt tiene aún estas palabras.',
    name: 'Nombre de este prompt',
    saveHelp: 'Guarda ambos prompts, tal como están, con un nombre.',
    replaced: '{name} contiene ahora este prompt.',
  },
  lists: {
    add: 'Añadir una lista…',
    help: 'Añadir una lista: etiquetas para sugerir o estilos (.csv), u opciones de un wildcard (.txt). Los archivos también se pueden soltar en la ventana.',
    known: '{name} ya está aquí.',
    taken: {
      tags: 'Al escribir se sugiere 1 etiqueta de {name} | Al escribir se sugieren {count} etiquetas de {name}',
      wildcard: '__{name}__ representa ahora 1 opción | __{name}__ representa ahora una de {count} opciones',
      styles: 'Ahora se puede elegir 1 estilo | Ahora se pueden elegir {count} estilos',
    },
  },
  presets: {
    label: 'Preajustes',
    help: 'Preajustes: todos los ajustes con un nombre, para volver a ellos con un clic.',
    none: 'Nada guardado aún: da un nombre a los ajustes actuales.',
    name: 'Nombre de estos ajustes',
    saveHelp: 'Guarda todos los ajustes como están. Sin prompt, al aplicarlos se mantiene el tuyo.',
    kept: '{name} está guardado.',
    applied: 'Los controles están como en {name}.',
    update: 'Guardar los ajustes actuales como {name}',
    updated: '{name} tiene ahora los ajustes actuales.',
  },
  kept: { save: 'Guardar', forget: 'Olvidar {name}', forgotten: '{name} se ha olvidado.' },
  settingsUndo: { undo: 'Deshacer el último cambio ({keys})', redo: 'Rehacerlo ({keys})' },
  noise: { levels: '{steps} pasos, ruido de {from} a {to}.' },
}
