import { adapters } from './en/adapters.ts'
import { control } from './en/control.ts'
import { controls } from './en/controls.ts'
import { downloads } from './en/downloads.ts'
import { edit } from './en/edit.ts'
import { firstRun } from './en/firstRun.ts'
import { grid } from './en/grid.ts'
import { larger } from './en/larger.ts'
import { mask } from './en/mask.ts'
import { start } from './en/start.ts'
import { library } from './en/library.ts'
import { models } from './en/models.ts'
import { prompts } from './en/prompts.ts'
import { settings } from './en/settings.ts'
import { window } from './en/window.ts'

/** Every word of the window in English; the other languages have the same keys. */
export const en = {
  ...controls,
  ...prompts,
  control,
  downloads,
  adapters,
  larger,
  edit,
  firstRun,
  grid,
  mask,
  start,
  settings,
  ...models,
  ...window,
  ...library,
  place: { create: 'Create', library: 'Library', models: 'Models', lab: 'Lab', label: 'Pages' },
  connection: {
    lost: 'The studio does not answer. Trying again…',
    refused: 'The studio does not know this page any more. Load it again.',
  },
  missing: {
    title: 'This page could not be loaded',
    hint: 'The studio may be away, or newer than this window.',
    again: 'Load again',
  },
  action: {
    undo: 'Undo',
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Cancel',
    stopNow: 'Stop now',
    retry: 'Try again',
    dismiss: 'Dismiss',
    close: 'Close',
    fewer: 'Show fewer',
    rerun: 'Run again',
    reuse: 'Use settings',
    reuseSeed: 'Use seed',
    startFrom: 'Start from this',
    upscale: 'Upscale…',
    refine: 'Refine a region…',
    edit: 'Edit…',
    parent: 'Show where it branched',
    original: 'Show the original',
    openFull: 'Open large',
    trash: 'Move to trash',
    restore: 'Restore',
    copy: 'Copy {what}',
    copyText: 'Copy as text',
    copyPicture: 'Copy picture',
    details: 'Details',
    saveAs: 'Save as',
  },
  actionHelp: {
    pause:
      'Pause: the next in the queue runs. This one goes on later in the same place, after a restart too.',
    resume: 'Go on: from the step where it was paused, to the same pixels.',
    rerun: 'Run again: the same settings and seed give the same pixels.',
    reuse: 'Use settings: fills the controls with everything this picture was made with.',
    reuseSeed: 'Use seed: the next picture starts from the same noise.',
    startFrom: 'Start from this: makes it the starting picture.',
    refine:
      'Refine a region: paint over a face or another part; it alone is drawn again, larger and finer, and laid back.',
    edit: 'Edit: turns, cuts and tones a copy, without a model.',
    upscale: 'Upscale: makes a larger copy, sharper than stretching it.',
    parent: 'Show the picture from whose run this one branched.',
    original: 'Show the picture that this one was made of.',
    copyText: 'Copy as text: everything in the words that other programs read.',
    details: 'Show everything about this picture',
    saveAs: 'Save as: a copy in another format, how it was made inside.',
  },
  saveNote: {
    copy: 'to paste it elsewhere',
    png: 'exact',
    jpg: 'small, opens everywhere',
    webp: 'exact, smaller than PNG',
  },
  phase: {
    queued: 'Waiting in line',
    paused: 'Paused',
    starting: 'Starting the engine…',
    loading: 'Loading the model…',
    encoding: 'Reading the prompt…',
    decoding: 'Finishing the picture…',
    upscaling: 'Enlarging the picture…',
    saving: 'Saving…',
  },
  progress: {
    step: 'Step {step} of {steps}',
    picture: 'Picture {image} of {images}',
    pass: { 1: 'First pass', 2: 'Second pass' },
    part: 'Enlarging the picture, part {part} of {parts}',
    left: '{time} left',
    stopping: 'Stopping after this step…',
    label: 'Progress',
    done: 'The picture is ready.',
    failed: 'The picture failed: {message}',
    cancelled: 'Cancelled.',
    paused: 'Paused.',
  },
  time: { seconds: '{n} s', minutes: '{m} min {s} s' },
  stage: {
    label: 'Canvas',
    emptyTitle: 'Describe a picture',
    noTextTitle: 'Every seed is another picture',
    emptyHint: 'Or begin with one of these: one click makes it.',
    inEnglish: 'This model was taught in English: describe the picture in English.',
    noModelTitle: 'No model to work with',
    noModelHint: 'Add a folder with a model, or see what is wrong with those that were found.',
    toModels: 'Open Models',
    failedTitle: 'This picture could not be made',
    developing: 'The picture in the making: {prompt}',
    untitled: 'a picture without a prompt',
    facts: '{width} × {height} · seed {seed}',
  },
  film: { label: 'Recent pictures', developing: 'In the making' },
  details: {
    branch: 'Branch',
    branchSaid: 'prediction {at}: {changes}',
    branchUnchanged: 'nothing changed',
    branchTo: {
      prompt: '“{to}”',
      negativePrompt: 'without “{to}”',
      guidanceScale: 'guidance {to}',
      sampler: '{to}',
      model: 'model {to}',
      laterSeed: 'later noise {to}',
    },
    field: {
      promptTemplate: 'Prompt as written',
      negativePromptTemplate: 'Negative prompt as written',
      prompt2: 'Second prompt',
      negativePrompt2: 'Second negative prompt',
      sizeConditioning: 'Size it was told',
      guidanceLimit: 'Guidance limit',
      sigmas: 'Noise levels',
      batchStart: 'Pictures before it in its batch',
      batchOf: 'Pictures of its batch',
      seedResizeWidth: 'Seed resized from width',
      seedResizeHeight: 'Seed resized from height',
      etaNoiseSeedDelta: 'Eta noise seed delta',
    },
    title: 'Details',
    none: 'Make or choose a picture to see how it was made.',
    prompt: 'Prompt',
    negativePrompt: 'Negative prompt',
    settings: 'Settings',
    everything: 'Everything else',
    made: 'Made with',
    model: 'Model',
    modelHash: 'Model hash',
    device: 'Device',
    precision: 'Precision',
    engine: 'Engine',
    onnxRuntime: 'ONNX Runtime',
    created: 'Made',
    took: 'Took',
    file: 'File',
    files: 'Files used',
    size: 'Size',
    all: 'all settings',
    yes: 'yes',
    no: 'no',
  },
  queue: {
    title: 'Queue',
    open: 'Queue',
    failedCount: '{count} failed',
    pausedCount: '{count} paused',
    empty: 'Nothing waits. Press Generate as often as you like: each click adds one.',
    untitled: 'No prompt',
    here: 'at the machine',
    enlarging: 'Upscale: {prompt}',
    cancelled: 'Cancelled',
    clear: 'Clear ended',
    pauseAll: 'Pause all',
    resumeAll: 'Go on with all',
    cancelAll: 'Cancel all',
    retryAll: 'Try all again',
    takes: 'about {time}',
    allLeft: 'about {time} in all',
    atLeast: 'at least {time} in all',
    more: 'and {count} more',
    move: 'Move: {prompt}',
    moveHelp: 'Drag it to another place, or press the up and down arrows.',
    place: 'Place {place} of {count}',
    made: 'Made in this session',
    failed: 'Failed',
  },
  toast: {
    label: 'Messages',
    trashed: 'Nothing moved | Moved to trash | {count} pictures moved to trash',
    cancelled: 'Nothing cancelled | Cancelled | {count} cancelled',
    settingsTaken: 'The controls now have this picture’s settings.',
    branchTaken:
      'The controls now have the settings this branch ends with; how it began stays behind. To make the branch itself, run it again.',
    refining:
      'Paint over what shall become finer, then make it. The controls have this picture’s settings; a lower strength keeps more.',
    seedTaken: 'The next picture uses seed {seed}.',
    copied: 'Copied.',
    notCopied: 'The clipboard cannot be used here; select the text and copy it by hand.',
    pictureNotCopied: 'The picture could not be put on the clipboard; save it instead.',
    restored: 'Nothing restored | Restored | {count} pictures restored',
  },
  estimate: {
    label: 'What it takes',
    help: 'About how much memory this takes at its worst moment, and how long, by what pictures took before.',
    short:
      'This needs about {needed} of memory, and {free} are free. Make the picture smaller or close other programs.',
    tooMuch: 'too much for this machine',
  },
  /** What an error of a code means, and what to do where `errorNext` has nothing. English has the message itself. */
  errorHere: {} as Record<string, string>,
  /** What notices say, by the codes of their sentences; English has the message itself. */
  noticeHere: {} as Record<string, string>,
  /** What to do, where the message of such an error may not say it; by the code of the error. */
  errorNext: {
    'bad-metadata': 'The picture itself can be used; set its settings by hand.',
    'bad-checkpoint': 'Fetch the file again, or choose another model.',
    'not-a-checkpoint': 'Choose another file.',
    'missing-part': 'Fetch the model again with all its files, or choose another.',
    'unsupported-model': 'Choose another model or another setting.',
    'does-not-fit': 'Choose files of the same family.',
    'device-unavailable': 'Another device can be chosen in the settings.',
    'engine-crashed':
      'Try again: the next picture has a fresh engine. If it ends once more, make the picture smaller or choose CPU as the device.',
    interrupted: 'Try again when you like.',
    disconnected: 'The window connects again by itself; then try once more.',
    'corrupt-database': 'Start Latent Studio again: it rebuilds the history from the pictures.',
    internal:
      'Try again. If it comes back, “Copy report” in the settings gathers what helps to find the fault.',
  } as Record<string, string>,
  panel: { resize: 'Panel width' },
}

export type Messages = typeof en

/** The words of a language that was not reviewed: the same keys, of which any may be missing. */
export type Begun<Words = Messages> = {
  [Key in keyof Words]?: Words[Key] extends string ? string : Begun<Words[Key]>
}
