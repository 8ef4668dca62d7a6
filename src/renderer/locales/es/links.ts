import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    'Esto no es un enlace a un modelo. Pega la dirección de un modelo o de un archivo en huggingface.co o civitai.com, o el nombre de un repositorio, como stabilityai/stable-diffusion-xl-base-1.0.',
  linkNoModel:
    'Esta página de {site} no es un modelo. Pega la dirección de la página del propio modelo, o de uno de sus archivos.',
  linkNoFile: 'No hay ningún archivo {path} en este enlace. Revisa el enlace.',
  linkUnusable:
    '{path} no se puede usar por sí solo. Elige un archivo .safetensors, o la página del modelo entero.',
  linkNoWeights: 'No hay archivos .safetensors en este enlace. Elige otro modelo.',
  linkPickle:
    '{path} es un pickle de Python, que puede ejecutar código al abrirse, así que no se descarga. Busca una versión .safetensors del modelo.',
  linkNoUnet:
    'Es un {kind} sin U-Net, que esta versión no puede ejecutar. Funcionan los modelos de las familias Stable Diffusion 1, 2 y XL.',
  linkStrangePart:
    'Es un {kind} con una parte «{part}», que esta versión no puede ejecutar. Funcionan los modelos de las familias Stable Diffusion 1, 2 y XL.',
  linkPartless: 'El repositorio no tiene los pesos de la parte «{part}» de este modelo. Elige otro modelo.',
  linkIndexUnread: 'El model_index.json de este repositorio no es JSON válido. Elige otro modelo.',
  linkFileName:
    'El repositorio tiene un archivo llamado {path}, que aquí no es un nombre de archivo. Busca el modelo en otro sitio.',
  linkSeveral: 'Hay varios archivos en este enlace. Di cuál: {links}',
  linkPresent: 'Ya está aquí: {path}.',
  linkNoVersion: 'No se ve ninguna versión de este modelo en {site}. Elige otro modelo.',
  linkNoHash:
    '{site} aún no indica el sha256 de este archivo, así que lo que llegara no se podría comprobar. Inténtalo más tarde.',
  siteNoModel: '{site} no tiene ese modelo. Revisa el enlace; puede que se haya retirado.',
  siteNoRevision: '{site} no tiene esa revisión. Revisa el enlace; puede que se haya retirado.',
  siteNoFile: '{site} no tiene ese archivo. Revisa el enlace; puede que se haya retirado.',
  siteRefuses: '{site} lo rechaza (HTTP {status}). Inténtalo más tarde.',
  siteUnread: 'La respuesta de {site} no se entiende. Inténtalo más tarde.',
  loginCivitai:
    'Civitai solo da archivos a quien ha iniciado sesión. Crea una clave de API en los ajustes de tu cuenta allí y ponla aquí.',
  tokenCivitai:
    'Civitai rechaza la clave, o su cuenta aún no puede tener este archivo (acceso anticipado). Crea una nueva clave de API en los ajustes de tu cuenta allí.',
  loginPrivate:
    'Hugging Face no tiene ese modelo, o es privado: entonces necesita un token. Revisa el enlace.',
  tokenPrivate:
    'Hugging Face no tiene ese modelo, o es privado y la cuenta del token no puede verlo. Revisa el enlace.',
  loginTerms:
    'Este modelo requiere aceptar condiciones o iniciar sesión. Acéptalas en su página de Hugging Face, crea un token en tus ajustes allí y ponlo aquí.',
  tokenTerms:
    'Hugging Face rechaza el token, o su cuenta no ha aceptado las condiciones de este modelo. Acéptalas en la página del modelo y mira si el token puede leer modelos restringidos.',
}
