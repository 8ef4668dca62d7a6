import { statSync } from 'node:fs'
import path from 'node:path'
import { toErrorRecord } from '../shared/errors.ts'
import type { OpenedFile } from '../shared/calls/shellCalls.ts'
import type { Studio } from '../studio/studio.ts'

const pictureNames = /\.(png|jpe?g|webp|avif|gif|bmp|tiff?)$/i
const modelNames = /\.(safetensors|gguf|onnx)$/i

/** The files that a command line names, seen from its folder. */
export function filesIn(commandLine: readonly string[], folder: string): string[] {
  return commandLine
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .map((word) => path.resolve(folder, word))
    .filter(
      (file) =>
        (pictureNames.test(file) || modelNames.test(file)) &&
        (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false),
    )
}

/** Takes a file in that was opened with the program: a picture is kept as a starting picture is. */
export async function takeIn(studio: Studio, file: string): Promise<OpenedFile> {
  if (modelNames.test(file)) return { kind: 'model', path: file }
  try {
    const { url } = await studio.inputs.addFile(file)
    return { kind: 'picture', name: path.basename(file), url }
  } catch (error) {
    return { kind: 'problem', error: toErrorRecord(error) }
  }
}
