export const imageFormats = ['png', 'jpg', 'webp'] as const
export type ImageFormat = (typeof imageFormats)[number]

/**
 * Where pictures live, below `studio://app` in Electron and below the server's address in a browser:
 *   GET  /images/ID.png      the picture         GET  /thumbnails/ID.webp
 *   GET  /images/ID          the file as it lies, where the browser can show it, else as PNG
 *   GET  /images/ID.jpg      the picture in another format, its generation data with it; .webp too
 *   GET  /previews/JOB/N     the N-th preview of a running job; 204 once there is none
 *   GET  /inputs/ID          a starting picture  POST /inputs   body: the file's bytes; answers an InputImage
 *   GET  /exports/NAME.zip   pictures that were made ready for it (`exportImages`)
 *   GET  /model-pictures/ID/STAMP   a small picture of a model file; 204 where it has none
 *   GET  /grids/ID.png       a grid as one labelled picture; .html: as a page that holds its pictures
 *   POST /inspect            body: the bytes of any file; answers an Inspection
 *   POST /lists/NAME         body: a text file that prompts draw from, by the name of the file; answers a TakenList
 */
export const assetPaths = {
  image: (id: string, format: ImageFormat = 'png') => `/images/${id}.${format}`,
  original: (id: string) => `/images/${id}`,
  thumbnail: (id: string) => `/thumbnails/${id}.webp`,
  preview: (jobId: string, count: number) => `/previews/${jobId}/${count}`,
  input: (id: string) => `/inputs/${id}`,
  modelPicture: (id: string, stamp: string) => `/model-pictures/${encodeURIComponent(id)}/${stamp}`,
  grid: (id: string, format: 'png' | 'html') => `/grids/${id}.${format}`,
  export: (name: string) => `/exports/${name}.zip`,
  inputs: '/inputs',
  inspect: '/inspect',
  list: (fileName: string) => `/lists/${encodeURIComponent(fileName)}`,
} as const
