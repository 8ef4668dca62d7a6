import type { Begun } from '../en.ts'
import type { labLatent as english } from '../en/labLatent.ts'

export const labLatent: Begun<typeof english> = {
  title: 'Latenter Raum',
  sentence:
    'Jedes Bild ist ein Punkt in einem Raum: Zwischen zweien und entlang eines Wortes liegen weitere.',
  ways: 'Was bewegt wird',
  way: {
    latents: 'Latents',
    noise: 'Rauschen',
    text: 'Text',
    both: 'Beides',
    word: 'Ein Wort',
    channels: 'Kanäle',
  },
  one: 'Erstes Bild',
  other: 'Zweites Bild',
  needsTwo: 'Erzeuge ein zweites Bild: Hier werden zwei gemischt.',
  share: 'Anteil des zweiten Bildes',
  says: {
    latents:
      'Die fertigen Bilder werden so gemischt, wie der Autoencoder des Modells sie sieht. In der Mitte scheinen beide durcheinander hindurch: Nichts wird neu gezeichnet.',
    noise:
      'Das erste Bild wird noch einmal gezeichnet, aus einem Rauschen zwischen beiden Seeds. Auf der Kugel bleibt die Mischung so stark, wie Rauschen sein muss; auf einer geraden Linie wäre sie in der Mitte zu schwach.',
    text: 'Das erste Bild wird noch einmal gezeichnet, aus seinem eigenen Rauschen, unter einem Text zwischen beiden Prompts (und beiden negativen Prompts).',
    both: 'Das erste Bild wird noch einmal gezeichnet, aus einem Rauschen und unter einem Text zwischen beiden.',
    word: 'Was ein Wort mehr am Text ändert, als Richtung: stärker, schwächer oder umgekehrt hinzugefügt, aus demselben Rauschen.',
    channels:
      'Jeder Kanal der Latents trägt etwas Eigenes, etwa Helligkeit oder eine Farbe. Mit Faktor 0 ist er flach, und was fehlt, ist, was er trug.',
  },
  caption: {
    latents: 'Latents mit einem Anteil von {share} des zweiten Bildes.',
    noise: 'Rauschen mit einem Anteil von {share} von dem des zweiten Bildes.',
    text: 'Text mit einem Anteil von {share} von dem des zweiten Bildes.',
    both: 'Rauschen und Text mit einem Anteil von {share} von denen des zweiten Bildes.',
    word: '{strength} mal „{word}“.',
    channels: 'Alle Kanäle, wie sie sind.',
  },
  weights: 'Was von jedem genommen wird',
  measured: 'Winkel zwischen beiden: {angle}°. Längen: {one} und {other}, die der Mischung {mixed}.',
  ofPixels: 'Dieses Modell arbeitet auf Pixeln: Eine Mischung ist ein Bild, das ins andere überblendet.',
  noText: 'Das Modell dieses Bildes liest keinen Text, also gibt es keinen zu mischen.',
  firstPass:
    'In einem Durchgang gezeichnet: Der zweite Durchgang und die Vergrößerung des ersten Bildes bleiben weg.',
  branch: 'Das erste Bild ist eine Abzweigung: Seine späteren Teile behalten ihren eigenen Text.',
  otherModel:
    'Das zweite Bild ist von einem anderen Modell ({other}): Hier liest {model} seinen Prompt und nimmt seinen Seed.',
  otherSize: 'Das Rauschen des zweiten Bildes wird in der Größe des ersten gezogen, {size}.',
  notWorn: 'LoRAs und Embeddings des zweiten Bildes bleiben draußen.',
  word: 'Mehr von diesem Wort',
  wordExample: 'Schnee, bei Nacht, ein Hut …',
  prompt: 'Hinzugefügt zu: {prompt}',
  noWord: 'Schreib ein Wort, um das Bild daran entlang zu bewegen.',
  strength: 'Stärke des Wortes',
  channels: 'Kanäle',
  alone: 'er allein',
  scale: 'Faktor',
  scaleOf: 'Faktor von Kanal {channel}',
  shift: 'Verschiebung',
  shiftOf: 'Verschiebung von Kanal {channel}',
  changed: 'Kanal {channel}: × {scale} + {shift}',
  pixelChannels: 'Dieses Modell arbeitet auf Pixeln: Seine Kanäle sind Rot, Grün und Blau.',
  reset: 'Wie es war',
  savePicture: 'Bild speichern',
  walk: 'Ein Gang vom einen zum anderen',
  frames: 'Einzelbilder',
  formatLabel: 'Datei',
  format: { webp: 'WebP', gif: 'GIF', mp4: 'MP4' },
  noFfmpeg: 'MP4 braucht ffmpeg, das auf diesem Rechner fehlt.',
  walkSize:
    '{frames} Einzelbilder von {size}, {seconds} s. Wie groß die Datei ist, steht da, sobald sie fertig ist.',
  walking: 'Zeichnet: {done} von {frames} Einzelbildern.',
  cutOff: 'Angehalten: Etwas anderes wurde verlangt. Nichts wurde behalten.',
  walked: '{frames} Einzelbilder, {size}.',
  go: 'Den Gang machen',
  stop: 'Anhalten',
  saveWalk: 'Den Gang speichern',
}
