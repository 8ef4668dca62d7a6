/** The first picture, the tour, and what is new. */
export const firstRun = {
  help: 'Getting started',
  tour: 'Take the tour',
  end: 'End the tour',
  at: '{at} of {of}',
  next: 'Next',
  back: 'Back',
  done: 'Done',
  stops: {
    prompt: {
      title: 'Say what you want to see',
      text: 'Plain words are enough. Below them stands how many tokens the model reads; {heavier} gives a word more weight.',
    },
    settings: {
      title: 'Shape it',
      text: 'The settings are right for the model from the start. Each has a sentence of help, and a dot marks what you changed: a click on it takes that back.',
    },
    generate: {
      title: 'Make it',
      text: 'One click makes the picture, more clicks wait in the queue. The lightning draws while you type.',
    },
    canvas: {
      title: 'Watch it develop',
      text: 'The picture sharpens step by step. Below it stands how to go on: run it again, start from it, enlarge it.',
    },
    pages: {
      title: 'Everything else',
      text: 'The library keeps every picture with its settings, Models what you paint with, and the Lab shows how it works. {palette} finds anything by name, {shortcuts} lists the keys.',
    },
  },
  newsLine: 'Latent Studio has learnt new things.',
  newsShow: 'What is new',
  newsTitle: 'What is new',
  news: {
    grids: {
      title: 'Grids',
      text: 'The same picture over up to three parameters, side by side: the fold “Grid” in Create.',
    },
    prompt: {
      title: 'Prompts that show what the model reads',
      text: 'Tokens, chunks and weights in colour, suggestions while you type, and a library of your prompts.',
    },
    mask: {
      title: 'Paint over a part',
      text: 'Brush, lasso and soft edges over a starting picture; drag its edges to go beyond it.',
    },
    library: {
      title: 'A library that finds',
      text: 'Stars, tags, albums and searches like “steps>30”; compare pictures and see what differs.',
    },
    pause: {
      title: 'Pause inside a picture',
      text: 'And go on later, also after a restart, to the same pixels.',
    },
    languages: {
      title: 'More languages',
      text: 'Seven more, which nobody who grew up with them has looked through yet: choose yours in the settings.',
    },
  },
}
