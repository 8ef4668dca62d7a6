import type { ErrorCode } from '../../../shared/errors.ts'

export const errorHere: Record<ErrorCode, string> = {
  'bad-request': 'Hay un valor que no se puede usar: corrígelo como se indica abajo.',
  'bad-init-image': 'Esta imagen no se puede usar: elige otra en PNG, JPEG o WebP.',
  'bad-list':
    'Esta lista no se puede añadir: usa etiquetas o estilos en .csv, o un wildcard en .txt, de 32 MiB como máximo.',
  'bad-metadata': 'Los parámetros guardados en la imagen no se pueden leer.',
  'bad-checkpoint': 'Este archivo de modelo está dañado o incompleto.',
  'pickle-refused': 'Este tipo de archivo puede contener código y no se abre: usa la versión .safetensors.',
  'not-a-checkpoint': 'Este archivo no es un modelo que dibuje.',
  'does-not-fit': 'El archivo elegido no encaja con este modelo, o ya no está en su sitio.',
  'misplaced-file': 'Este archivo está en la carpeta de otra clase: muévelo a la correcta.',
  'missing-part': 'A este modelo le falta una parte.',
  'missing-weight': 'Al archivo del modelo le faltan datos: descárgalo otra vez, o elige otro modelo.',
  'mis-shaped-weight':
    'El archivo del modelo no corresponde a su estructura: descárgalo otra vez, o elige otro modelo.',
  'unsupported-model': 'Esta versión no puede ejecutar este modelo o este ajuste.',
  'not-found': 'Lo que se pide ya no está aquí: devuélvelo a su sitio, o elige otra cosa.',
  'bad-image':
    'El resultado no es una imagen y no se guardó: prueba con otra semilla, otros ajustes u otro dispositivo.',
  'device-unavailable': 'El dispositivo elegido no está en esta máquina.',
  'out-of-memory':
    'No hay memoria suficiente: haz la imagen más pequeña, cierra otros programas o usa un modelo menor.',
  'card-too-small':
    'La memoria de la tarjeta gráfica no basta: haz la imagen más pequeña, o elige CPU en los ajustes.',
  'engine-crashed': 'El motor terminó en medio del trabajo.',
  interrupted: 'El estudio se cerró antes de terminar esta imagen.',
  cancelled: 'Cancelado.',
  'disk-full': 'El disco está lleno: libera espacio e inténtalo otra vez.',
  'read-only': 'Aquí no se puede escribir: revisa los permisos de la carpeta.',
  'database-locked': 'Otro programa usa la base de datos del historial: ciérralo e inténtalo otra vez.',
  'corrupt-database': 'La base de datos del historial está dañada.',
  unreachable: 'El sitio no responde: revisa la red e inténtalo otra vez.',
  'login-needed': 'Hay que iniciar sesión allí, o aceptar sus condiciones.',
  'bad-download': 'Lo recibido no es lo prometido y se borró: inténtalo más tarde.',
  forbidden: 'Esto no está permitido aquí.',
  disconnected: 'Se cortó la conexión con el estudio.',
  internal: 'Algo falló en el propio estudio.',
}
