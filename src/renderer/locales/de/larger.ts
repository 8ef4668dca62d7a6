import type { Begun } from '../en.ts'
import type { larger as english } from '../en/larger.ts'

export const larger: Begun<typeof english> = {
  title: 'Hires. fix und Hochskalieren',
  hires: 'Hires. fix',
  scale: 'Hires-Faktor',
  size: 'Größe ändern auf',
  width: 'Breite ändern auf',
  height: 'Höhe ändern auf',
  steps: 'Hires-Schritte',
  denoiseStrength: 'Hires-Stärke',
  guidanceScale: 'Hires-CFG',
  sampler: 'Hires-Sampler',
  schedule: 'Hires-Schedule',
  prompt: 'Hires-Prompt',
  negativePrompt: 'Negativer Hires-Prompt',
  placeholder: {
    prompt: 'Hires-Prompt: wie im ersten Durchgang',
    negativePrompt: 'Negativer Hires-Prompt: wie im ersten Durchgang',
  },
  same: 'Wie im ersten Durchgang',
  redrawn: 'Neu gezeichnet mit {width} × {height}',
  outside: 'Der zweite Durchgang wäre {width} × {height}; jede Seite muss zwischen 64 und 4096 liegen.',
  notWithStart:
    'Ruht, solange es ein Ausgangsbild gibt: Ein zweiter Durchgang gehört zu Bildern, die aus Rauschen entstehen.',
  upscale: 'Hochskalieren',
  upscaler: 'Upscaler',
  by: 'Hochskalieren um',
  becomes: 'Wird {width} × {height}',
  tooLarge: '{width} × {height} sind mehr Pixel, als möglich sind: Nimm einen kleineren Faktor.',
  start: 'Hochskalieren',
  broken: 'nicht verwendbar',
  gone: 'nicht da',
  notes: {
    'RDN-2x': 'enthalten, scharf',
    Lanczos: 'glatt, schnell',
    Nearest: 'harte Pixel',
    Latent: 'Stärke 0,5 oder mehr',
  },
  said: { steps: '{n} Schritte', strength: 'Stärke {n}', guidance: 'CFG {n}' },
  help: {
    hires:
      'Vergrößert das Bild und zeichnet es ein zweites Mal: große Bilder, in denen sich nichts wiederholt.',
    scale: 'Um wie viel breiter und höher der zweite Durchgang ist.',
    size: 'Eine Größe statt des Faktors. Sind beide Seiten gegeben, wird Überstehendes abgeschnitten.',
    steps: 'Schritte des zweiten Durchgangs; oft genügt die Hälfte des ersten.',
    denoiseStrength:
      'Wie viel der zweite Durchgang ändert: 0,2 bis 0,5 behält das Bild, latente Upscaler brauchen 0,5 oder mehr.',
    guidanceScale: 'CFG-Skala des zweiten Durchgangs.',
    sampler: 'Sampler des zweiten Durchgangs.',
    schedule: 'Schedule des zweiten Durchgangs.',
    prompt: 'Was der zweite Durchgang zeigt: Details dessen, was schon da ist. Leer: derselbe Prompt.',
    negativePrompt: 'Was der zweite Durchgang meidet. Leer: dasselbe wie im ersten.',
    upscale: 'Vergrößert das fertige Bild ganz zuletzt: schärfere Kanten, nichts Neues darin.',
    by: 'Um wie viel breiter und höher das Bild wird.',
  },
}
