/** What stands beside the prompts, what is kept by name, and what follows from the settings. */
export const prompts = {
  forever: {
    label: 'Without end',
    help: 'Without end: one picture after the other, each with a new seed, until you cancel one.',
  },
  suggest: {
    label: 'Suggestions',
    count: 'no suggestions | 1 suggestion | {count} suggestions',
    kind: {
      prompt: 'your prompt',
      embedding: 'embedding',
      lora: 'LoRA',
      wildcard: 'wildcard',
      style: 'style',
      tag: 'tag',
    },
  },
  prompts: {
    open: 'Prompts',
    help: 'Prompts: those you kept by name, and those of your pictures.',
    search: 'Search your prompts',
    saved: 'Kept',
    past: 'Of your pictures',
    none: 'No prompt has these words yet.',
    name: 'Name of this prompt',
    saveHelp: 'Keeps both prompts, as they are now, under a name.',
    replaced: '{name} has the prompt as it is now.',
  },
  lists: {
    add: 'Add a list…',
    help: 'Add a list: tags to be suggested or styles (.csv), or choices for a wildcard (.txt). Files can be dropped on the window, too.',
    known: '{name} is here already.',
    taken: {
      tags: '{count} tag of {name} is suggested while you write | {count} tags of {name} are suggested while you write',
      wildcard: '__{name}__ now stands for {count} choice | __{name}__ now stands for one of {count} choices',
      styles: '{count} style can be chosen now | {count} styles can be chosen now',
    },
  },
  presets: {
    label: 'Presets',
    help: 'Presets: all settings under a name, to come back to with one click.',
    none: 'Nothing kept yet: give the settings as they are a name.',
    name: 'Name of these settings',
    saveHelp: 'Keeps all settings as they are. Without a prompt, applying them leaves yours.',
    kept: '{name} is kept.',
    applied: 'The controls are set as in {name}.',
    update: 'Keep the settings as they are now as {name}',
    updated: '{name} has the settings as they are now.',
  },
  kept: { save: 'Keep', forget: 'Forget {name}', forgotten: '{name} is forgotten.' },
  settingsUndo: { undo: 'Take back the last change ({keys})', redo: 'Make it again ({keys})' },
  noise: { levels: '{steps} steps, noise from {from} to {to}.' },
}
