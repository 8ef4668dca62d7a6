import type { ErrorRecord } from './errors.ts'
import { linkSentences } from './linkSentences.ts'

/** What a person must know that happened without them: a rebuilt database, a fallback to the CPU. */
export interface Notice extends Told {
  id: string
  createdAt: number
  level: 'info' | 'warning' | 'error'
}

/** Sentences, for a window to say in its person's language, and the same in English, for other programs. */
export interface Told {
  says: readonly Saying[]
  message: string
}

/**
 * What notices and errors say, in English; {name} is filled in, and of forms between bars the first is that of one. A sentence has one
 * meaning and keeps its code.
 */
export const noticeSentences = {
  ...linkSentences,

  databaseMissing:
    'The database was missing, and the history was rebuilt from the images: {count} came back.',
  databaseEmpty: 'The database was empty, and the history was rebuilt from the images: {count} came back.',
  databaseReplaced:
    'The database was damaged, and the history was rebuilt from the images: {count} came back.',
  databaseKept:
    'The database was damaged. It is kept as {file} (delete it when you miss nothing), and the history was rebuilt from the images: {count} came back.',
  notInPictures:
    'The queue and the marks of the trash could not be brought back, nor could grids: pictures that were in the trash are in the history.',
  queueIncomplete: 'Not all of its queue could be read: jobs that were waiting may be missing.',
  trashIncomplete:
    'Not all marks of the trash could be read: pictures that were in it may be in the history.',
  databaseDamaged:
    'The database is damaged ({reason}). Restart Latent Studio to have it rebuilt from the images.',
  entryUnread:
    'The entry of image {id} in the history cannot be read ({reason}) and is left out. Its picture ({file}) is kept; at the next start the entry is made again from it if that can be done.',
  entriesMade:
    'One picture on disk had no readable entry in the history. It has one now. | {count} pictures on disk had no readable entry in the history. They have one now.',
  jobUnread: 'Job {id} in the queue cannot be read ({reason}) and is left out.',
  queueUnwritten: 'The queue could not be written: {reason}',
  unfinishedLost: 'The picture that was being drawn begins anew when its job goes on: {reason}',

  ofFile: '{file}:',
  settingsUnread: 'It could not be read ({reason}), so the default settings are in use.',
  settingEntries: '"{name}" lost what is not valid in it: {reason}.',
  settingDefault: '"{name}" {reason}, so its default is in use: {value}.',
  settingsKept: 'The file as it was is kept as {file}.',
  settingsNotKept: 'It could not be copied ({reason}), and the next change of a setting replaces it.',
  settingsUnknown: 'Not known to this version, and left as it is: {names}.',
  optionsUnread: '{file} cannot be read, so programs draw with the usual settings. Mend it, or take it away.',
  listBroken: '{file} is no list in JSON, so nothing of it can be used. Mend it, or take it away.',
  listKept: '{file} was no list in JSON; as it was it is kept as {kept}.',
  listEntries: '{file}: {count} of its entries cannot be read and are left out. They stay in the file.',

  textLarge: '{file} was not read: it is larger than 32 MiB. Divide it.',
  textForeign:
    '{file} was not read: it is no text in UTF-8, UTF-16, UTF-32 or Windows-1252. Save it as UTF-8.',
  textWindows: '{file} is not UTF-8 and was read as Windows-1252. Save it as UTF-8 should letters be wrong.',
  textUnread: '{file} was not read: {reason}.',
  stylesColumns:
    'styles.csv has no column {missing} in its first line (found: {found}), so its styles cannot be used. The first line should be name,prompt,negative_prompt.',

  modelOfImageByHash: '{name}, the model of this image, was found again by its hash ({hash}): {path}.',
  modelOfJobByHash: '{name}, the model of this job, was found again by its hash ({hash}): {path}.',
  modelOfImageByName: '{name}, the model of this image, was found by its name: {path}.',
  modelOfJobByName: '{name}, the model of this job, was found by its name: {path}.',
  modelChanged:
    'The files of {name} have changed since this image was made ({hash} then), so the new one will differ.',
  modelOther: 'Its files are others than those that images were made with before ({hash}).',
  fileRenamed: 'The {kind} {file} ({hash}) was found by its hash: it is called {name} here.',
  fileOther: 'The {kind} {file} ({hash}) is another file here, of the same name, so the picture will differ.',
  upscalerRenamed: 'The upscaler "{file}" is called "{name}" by now; its content is the same.',
  upscalerOther:
    'The upscaler "{file}" is another file than the one this picture was made with: the pixels may differ.',
  defaultsUnread: 'What {file} shall start from (its defaults) cannot be read and is left out. Set it again.',

  folderMissing:
    'The model folder {folder} is not there or may not be read, so its models are missing from the list. See that its disk is there and look for models again, or take it out of the model folders.',
  folderSilent:
    'The model folder {folder} does not answer, so some of its models may be missing from the list. Choose a folder that holds models and little else.',
  folderSlow:
    'The model folder {folder} took too long to look through, so some of its models may be missing from the list. Choose a folder that holds models and little else.',
  folderLarge:
    'The model folder {folder} holds more files and folders than are looked through, so some of its models may be missing from the list. Choose a folder that holds models and little else.',
  extraPathsUnread:
    '{file} cannot be read ({reason}), so the model folders it names are left out. Correct it, then look for models again.',
  extraPathsLong:
    '{file} cannot be read (it is {size} bytes long), so the model folders it names are left out. Correct it, then look for models again.',
  downloadUnread: '{file} cannot be read, so this download is left out. Remove the file, and start it anew.',
  mirrorIgnored: 'HF_ENDPOINT is left alone: it must be an address that begins with https://.',

  importsFailed: 'The folders of pictures could not be looked through: {reason}',
  importsCut: '{folder} was not looked through to its end.',
  importsMissing:
    '{path} is not there or may not be read. Its pictures stay known; see that its disk is there, or take {folder} out of the folders.',
  importsLarge:
    '{folder} holds more files and folders than are looked through. Choose a folder that holds pictures and little else.',
  importsEmpty:
    '{folder} is empty now. Its picture stays known; see that its disk is there, or take it out of the folders. | {folder} is empty now. Its {count} pictures stay known; see that its disk is there, or take it out of the folders.',
  importUnread:
    '{file} could not be read ({reason}). See that the file may be read; it is tried again with the next look.',
  importsUnread:
    '{file} and one more could not be read ({reason}). See that the files may be read; they are tried again with the next look. | {file} and {count} more could not be read ({reason}). See that the files may be read; they are tried again with the next look.',

  deviceGivenUp:
    '{device} failed twice ({reason}), so the job goes on, more slowly, on the CPU; choose CPU as the device to spare the attempts.',
  deviceTooSmall: '{reason}, so the job goes on, more slowly, on the CPU.',
  turboOnCard: 'Turbo is for the CPU: on {device} the picture was computed as usual.',
  turboOnGraphs:
    'Turbo needs the weights of a model: as this one comes as ONNX graphs, it was computed as usual.',
  otherWidening:
    'There is not the memory to compute as this picture was computed: its weights stay in their file. Single values of the new one may differ by one of 256 levels.',
  otherGuidance:
    'Guidance’s two predictions were made in one run for this picture, which is not possible here now: they are made one after the other. Single values of the new one may differ a little.',
  previewsCoarse: 'Previews are coarse. {reason}',
  adapterLeftOut:
    'Of {name} ({path}) these tensors belong to nothing in this model and are left out: {tensors}.',
  halfOverflowed:
    'The model’s autoencoder (VAE) made no picture in half precision (float16), so the latents were decoded once more in float32. An export of it in float32 saves that time.',
  decodedOnCpu:
    '{device} made no picture of finished latents, so they were decoded once more on the CPU, in float32. Choose CPU as the device if that happens often.',

  farmAway: 'The farm’s Redis ({redis}) is away. Jobs wait in the studio, and go on when it is back.',
  pausesUnread: '{file} cannot be understood, so no worker is paused any more. Pause them again.',

  updateReady: 'Latent Studio {version} has been fetched. It is installed when you quit.',
  updateFailed:
    'No newer version could be fetched ({reason}). Nothing was changed; it is tried again at the next start.',
} as const
export type NoticeCode = keyof typeof noticeSentences

/** A sentence and what stands in it: words, numbers, or the error that is its reason. A `count` chooses its form. */
export interface Saying {
  code: NoticeCode
  values: Readonly<Record<string, Value>>
}
type Value = string | number | ErrorRecord

/** Whether something from outside is such a sentence. */
export function isSaying(value: unknown): value is Saying {
  const { code, values } = (value ?? {}) as Record<string, unknown>
  return typeof code === 'string' && code in noticeSentences && typeof values === 'object' && values !== null
}

/** Tells a person what was done otherwise than they asked. */
export type Warn = (...says: Saying[]) => void

type PlacesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlacesIn<Rest>
  : never
type PlacesOf<Code extends NoticeCode> = PlacesIn<(typeof noticeSentences)[Code]>

/** A sentence with all of its places filled in. */
export const saying = <Code extends NoticeCode>(
  code: Code,
  ...[values]: [PlacesOf<Code>] extends [never] ? [] : [values: Record<PlacesOf<Code>, Value>]
): Saying => ({ code, values: values ?? {} })

export const told = (...says: Saying[]): Told => ({ says, message: inEnglish(says) })

/** Sentences in English, one after the other. */
export const inEnglish = (says: readonly Saying[]): string => says.map(sentenceOf).join(' ')

function sentenceOf({ code, values }: Saying): string {
  const forms: readonly string[] = noticeSentences[code].split(' | ')
  const form = values['count'] === 1 ? forms[0] : forms.at(-1)!
  return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => textOf(values[name]))
}

const textOf = (value: Value): string => (typeof value === 'object' ? value.message : String(value))
