import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing:
    'Faltaba la base de datos; el historial se reconstruyó a partir de las imágenes. Recuperadas: {count}.',
  databaseEmpty:
    'La base de datos estaba vacía; el historial se reconstruyó a partir de las imágenes. Recuperadas: {count}.',
  databaseReplaced:
    'La base de datos estaba dañada; el historial se reconstruyó a partir de las imágenes. Recuperadas: {count}.',
  databaseKept:
    'La base de datos estaba dañada. Se conserva como {file} (bórrala si no echas nada en falta); el historial se reconstruyó a partir de las imágenes. Recuperadas: {count}.',
  notInPictures:
    'No se pudieron recuperar la cola, las cuadrículas ni las marcas de la papelera: las imágenes que estaban en ella están en el historial.',
  queueIncomplete: 'No se pudo leer toda su cola: pueden faltar trabajos en espera.',
  trashIncomplete:
    'No se pudieron leer todas las marcas de la papelera: las imágenes que estaban en ella pueden estar en el historial.',
  databaseDamaged:
    'La base de datos está dañada ({reason}). Reinicia Latent Studio para que se reconstruya a partir de las imágenes.',
  entryUnread:
    'La entrada de la imagen {id} en el historial no se puede leer ({reason}) y se omite. La imagen ({file}) se conserva; al próximo inicio se rehace la entrada a partir de ella si es posible.',
  entriesMade:
    'Una imagen del disco no tenía una entrada legible en el historial. Ahora la tiene. | {count} imágenes del disco no tenían una entrada legible en el historial. Ahora la tienen.',
  jobUnread: 'El trabajo {id} de la cola no se puede leer ({reason}) y se omite.',
  queueUnwritten: 'No se pudo guardar la cola. {reason}',
  unfinishedLost: 'La imagen a medias empezará de nuevo cuando continúe su trabajo. {reason}',

  ofFile: '{file}:',
  settingsUnread: 'No se pudo leer el archivo ({reason}); se usan los ajustes predeterminados.',
  settingEntries: 'De «{name}» se quitó lo que no es válido: {reason}.',
  settingDefault: '«{name}» no es válido ({reason}); se usa el valor predeterminado: {value}.',
  settingsKept: 'El archivo tal como estaba se conserva como {file}.',
  settingsNotKept: 'No se pudo copiar ({reason}); el próximo cambio de un ajuste lo reemplaza.',
  settingsUnknown: 'Esta versión no lo conoce y lo deja como está: {names}.',
  optionsUnread:
    '{file} no se puede leer; los programas dibujan con los ajustes habituales. Corrígelo o quítalo.',
  listBroken: '{file} no es una lista JSON; no se puede usar nada de él. Corrígelo o quítalo.',
  listKept: '{file} no era una lista JSON; tal como estaba se conserva como {kept}.',
  listEntries: '{file}: entradas que no se pueden leer y se omiten: {count}. Siguen en el archivo.',

  textLarge: '{file} no se leyó: ocupa más de 32 MiB. Divídelo.',
  textForeign:
    '{file} no se leyó: no es texto en UTF-8, UTF-16, UTF-32 ni Windows-1252. Guárdalo como UTF-8.',
  textWindows: '{file} no es UTF-8 y se leyó como Windows-1252. Guárdalo como UTF-8 si hay letras mal.',
  textUnread: '{file} no se leyó: {reason}.',
  stylesColumns:
    'A la primera línea de styles.csv le falta la columna {missing} (hay: {found}); sus estilos no se pueden usar. Debería ser name,prompt,negative_prompt.',

  modelOfImageByHash: '{name}, el modelo de esta imagen, se encontró de nuevo por su hash ({hash}): {path}.',
  modelOfJobByHash: '{name}, el modelo de este trabajo, se encontró de nuevo por su hash ({hash}): {path}.',
  modelOfImageByName: '{name}, el modelo de esta imagen, se encontró por su nombre: {path}.',
  modelOfJobByName: '{name}, el modelo de este trabajo, se encontró por su nombre: {path}.',
  modelChanged:
    'Los archivos de {name} cambiaron desde que se hizo esta imagen (entonces {hash}), así que la nueva será distinta.',
  modelOther: 'Sus archivos no son los mismos con los que se hicieron imágenes antes ({hash}).',
  fileRenamed: '{kind} {file} ({hash}) se encontró por su hash: aquí se llama {name}.',
  fileOther:
    '{kind} {file} ({hash}) es aquí otro archivo con el mismo nombre, así que la imagen será distinta.',
  upscalerRenamed: 'El ampliador «{file}» se llama ahora «{name}»; su contenido es el mismo.',
  upscalerOther:
    'El ampliador «{file}» no es el mismo archivo con el que se hizo esta imagen: los píxeles pueden variar.',
  defaultsUnread: 'Los ajustes iniciales de {file} no se pueden leer y se omiten. Defínelos de nuevo.',

  folderMissing:
    'La carpeta de modelos {folder} no está o no se puede leer; sus modelos faltan en la lista. Comprueba que su disco está conectado y busca de nuevo, o quítala de las carpetas.',
  folderSilent:
    'La carpeta de modelos {folder} no responde; pueden faltar modelos en la lista. Elige una carpeta que contenga sobre todo modelos.',
  folderSlow:
    'Se tardó demasiado en recorrer la carpeta de modelos {folder}; pueden faltar modelos en la lista. Elige una carpeta que contenga sobre todo modelos.',
  folderLarge:
    'La carpeta de modelos {folder} tiene más archivos y carpetas de los que se recorren; pueden faltar modelos en la lista. Elige una carpeta que contenga sobre todo modelos.',
  extraPathsUnread:
    '{file} no se puede leer ({reason}); las carpetas de modelos que nombra se omiten. Corrígelo y busca los modelos de nuevo.',
  extraPathsLong:
    '{file} es demasiado largo ({size} bytes); las carpetas de modelos que nombra se omiten. Corrígelo y busca los modelos de nuevo.',
  downloadUnread: '{file} no se puede leer; esta descarga se omite. Borra el archivo y empiézala de nuevo.',
  mirrorIgnored: 'HF_ENDPOINT no se usa: debe ser una dirección que empiece por https://.',

  importsFailed: 'No se pudieron recorrer las carpetas de imágenes: {reason}',
  importsCut: '{folder} no se recorrió hasta el final.',
  importsMissing:
    '{path} no está o no se puede leer. Sus imágenes siguen en la biblioteca; comprueba que su disco está conectado, o quita {folder} de las carpetas.',
  importsLarge:
    '{folder} tiene más archivos y carpetas de los que se recorren. Elige una carpeta que contenga sobre todo imágenes.',
  importsEmpty:
    '{folder} está ahora vacía. Su imagen sigue en la biblioteca; comprueba que su disco está conectado, o quítala de las carpetas. | {folder} está ahora vacía. Sus {count} imágenes siguen en la biblioteca; comprueba que su disco está conectado, o quítala de las carpetas.',
  importUnread:
    '{file} no se pudo leer ({reason}). Revisa los permisos del archivo; se intentará de nuevo la próxima vez.',
  importsUnread:
    '{file} y otro archivo no se pudieron leer ({reason}). Revisa sus permisos; se intentará de nuevo la próxima vez. | {file} y otros {count} no se pudieron leer ({reason}). Revisa sus permisos; se intentará de nuevo la próxima vez.',

  deviceGivenUp:
    '{device} falló dos veces; el trabajo continúa, más despacio, en la CPU. Elige CPU como dispositivo para ahorrarte los intentos. {reason}',
  deviceTooSmall: 'El trabajo continúa, más despacio, en la CPU. {reason}',
  turboOnCard: 'Turbo es para la CPU: en {device} la imagen se calculó como siempre.',
  turboOnGraphs:
    'Turbo necesita los pesos de un modelo: este consta de grafos ONNX y se calculó como siempre.',
  otherWidening:
    'No hay memoria para calcular como se calculó esta imagen: los pesos se quedan en su archivo. Algunos valores de la nueva pueden variar en un nivel de 256.',
  otherGuidance:
    'En esta imagen las dos predicciones de CFG se calcularon juntas, lo que ahora no es posible aquí: se hacen una tras otra. Algunos valores de la nueva pueden variar un poco.',
  previewsCoarse: 'Las vistas previas son toscas. {reason}',
  adapterLeftOut:
    'Estos tensores de {name} ({path}) no corresponden a nada en este modelo y se omiten: {tensors}.',
  halfOverflowed:
    'El autoencoder (VAE) del modelo no dio una imagen en media precisión (float16); los latentes se descodificaron de nuevo en float32. Una exportación en float32 ahorra ese tiempo.',
  decodedOnCpu:
    '{device} no hizo una imagen de los latentes terminados; se descodificaron de nuevo en la CPU, en float32. Elige CPU como dispositivo si ocurre a menudo.',

  farmAway:
    'El Redis de la granja ({redis}) no responde. Los trabajos esperan en el estudio y continúan cuando vuelva.',
  pausesUnread: '{file} no se entiende; ya no hay ningún worker en pausa. Ponlos en pausa otra vez.',

  updateReady: 'Latent Studio {version} está descargado. Se instala al salir.',
  updateFailed:
    'No se pudo descargar una versión más nueva ({reason}). No se cambió nada; se intenta de nuevo al próximo inicio.',
}
