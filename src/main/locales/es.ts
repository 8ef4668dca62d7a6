import type { Words } from './en.ts'

export const es: Words = {
  ready: (count) => (count === 1 ? 'La imagen está lista' : `${count} imágenes están listas`),
  failed: 'No se pudo hacer una imagen',
  quitWhile: 'Se está haciendo una imagen. ¿Salir de todos modos?',
  closeWhile: 'Se está haciendo una imagen. ¿Qué hacemos con ella?',
  quitDetail: 'Las imágenes terminadas se conservan. Lo demás continúa cuando vuelvas a abrir Latent Studio.',
  closeDetail:
    'Sin ventana, el trabajo sigue hasta terminar la cola; al abrir Latent Studio de nuevo vuelve la ventana. Lo que no esté terminado al salir continúa la próxima vez.',
  keepWorking: 'Seguir trabajando',
  goOnWithoutWindow: 'Continuar sin ventana',
  quit: 'Salir',
  cancel: 'Cancelar',
  update: {
    isThere: (version) => `Ya está Latent Studio ${version}. ¿Descargarlo?`,
    detail: 'Se instala al salir. Tus imágenes, modelos y ajustes se conservan.',
    fetchIt: 'Descargar',
    notNow: 'Ahora no',
  },
  menu: {
    file: 'Archivo',
    newWindow: 'Nueva ventana',
    openDataFolder: 'Abrir la carpeta de datos',
    edit: 'Edición',
    view: 'Ver',
    help: 'Ayuda',
    licences: 'Licencias de terceros',
  },
  roles: {
    undo: 'Deshacer',
    redo: 'Rehacer',
    cut: 'Cortar',
    copy: 'Copiar',
    paste: 'Pegar',
    pasteAndMatchStyle: 'Pegar con el mismo estilo',
    delete: 'Eliminar',
    selectAll: 'Seleccionar todo',
    close: 'Cerrar la ventana',
    reload: 'Volver a cargar',
    resetZoom: 'Tamaño real',
    zoomIn: 'Ampliar',
    zoomOut: 'Reducir',
    togglefullscreen: 'Pantalla completa',
    about: 'Acerca de Latent Studio',
    services: 'Servicios',
    hide: 'Ocultar Latent Studio',
    hideOthers: 'Ocultar las demás',
    unhide: 'Mostrar todo',
    quit: 'Salir',
  },
  failure: {
    couldNotOpen: 'No se pudo abrir Latent Studio',
    wentWrong: 'Algo ha fallado en Latent Studio',
    goesOn: (logFile) =>
      `El programa sigue. Si algo no funciona, sal y vuelve a abrirlo. Los detalles están en ${logFile}.`,
    pageGone: 'No se puede mostrar la ventana de Latent Studio',
    pageGoneDetail: (times, reason) =>
      `Su página se cerró ${times} veces seguidas (${reason}). Las imágenes se siguen haciendo. Si falta memoria, cierra otros programas y elige Ver → Volver a cargar.`,
  },
  opening: {
    broughtUp: 'El historial se pone al día para esta versión: {done} de {count} imágenes.',
    picturesSorted: 'Las imágenes se ordenan para la búsqueda: {done} de {count}.',
    promptsSorted: 'Los prompts se ordenan para la búsqueda: {done} de {count}.',
    overwritten: 'El historial está al día; se está sobrescribiendo lo borrado.',
    waits:
      'Otro Latent Studio está abriendo {folder} (pone al día su historial o lo reconstruye); este continúa después.',
  },
}
