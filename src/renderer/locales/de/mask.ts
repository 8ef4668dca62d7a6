import type { Begun } from '../en.ts'
import type { mask as english } from '../en/mask.ts'

export const mask: Begun<typeof english> = {
  label: 'Maske',
  paper: 'Das Ausgangsbild, um die Maske darauf zu malen',
  keys: 'Pfeiltasten bewegen den Pinsel, mit Umschalt fein, und Enter setzt ihn auf; mit Alt radiert er. Escape nimmt zurück, was nicht fertig ist. [ und ] ändern die Größe, B, E, L und R wählen das Werkzeug.',
  open: 'Maske malen',
  reopen: 'Maske weitermalen',
  openHelp:
    'Was du übermalst, entsteht neu; der Rest bleibt. Die Ränder lassen sich ziehen, um das Bild zu erweitern.',
  tools: 'Werkzeuge der Maske',
  tool: 'Malen mit',
  brush: 'Pinsel',
  eraser: 'Radierer',
  lasso: 'Lasso',
  rectangle: 'Rechteck',
  help: {
    brush: 'Pinsel (B). Ein Stift malt so breit, wie er gedrückt wird; die rechte Taste radiert.',
    eraser: 'Radierer (E)',
    lasso:
      'Lasso (L): alles, was die Linie einschließt. Enter setzt ihre Ecken; dieselbe zweimal schließt sie.',
    rectangle: 'Rechteck (R). Enter setzt eine Ecke, dann die andere.',
    size: 'Breite des Pinsels in Pixeln des Bildes: [ und ]',
  },
  size: 'Breite des Pinsels',
  redo: 'Wiederholen',
  invert: 'Maske umkehren (I)',
  grow: 'Um 4 Pixel vergrößern (G)',
  shrink: 'Um 4 Pixel verkleinern (Umschalt+G)',
  feather: 'Rand um 4 Pixel weicher machen',
  clear: 'Maske leeren (Entf)',
  fit: 'Alles zeigen (0)',
  close: 'Maske weglegen',
  edge: {
    left: 'Links erweitern',
    top: 'Oben erweitern',
    right: 'Rechts erweitern',
    bottom: 'Unten erweitern',
  },
  edgeHelp:
    'Nach außen ziehen erweitert das Bild; ein Doppelklick nimmt es zurück. Für Neues passt eine hohe Stärke.',
  pixels: '{count} Pixel',
  areaLabel: 'Bereich',
  areaHelp:
    'Nur Maske: Der maskierte Teil wird in der Größe oben gemalt und zurückgelegt, und das Bild behält seine eigene Größe.',
  area: { whole: 'Ganzes Bild', masked: 'Nur Maske' },
  padding: 'Umgebung',
  paddingHelp: 'Wie viele Pixel um die Maske mit angesehen werden: Mehr sagt mehr darüber, was dort ist.',
  contentLabel: 'Maskierter Inhalt',
  contentHelp: 'Was unter der Maske liegt, wenn das Malen beginnt.',
  content: { fill: 'Füllen', original: 'Original', noise: 'Latentes Rauschen', nothing: 'Latentes Nichts' },
  contentNote: {
    fill: 'die Farben ringsum',
    original: 'was dort ist',
    noise: 'mehr Rauschen, bei hoher Stärke',
    nothing: 'gleichmäßiges Grau, bei hoher Stärke',
  },
  blur: 'Maskenunschärfe',
  blurHelp: 'Wie weich der neue Teil in den alten übergeht, in Pixeln.',
  edgesLabel: 'Maskenrand',
  edgesHelp:
    'Weich: Je heller die Maske, desto stärker wird gemalt, sodass es mit der Umgebung zusammenwächst.',
  edges: { hard: 'Hart', soft: 'Weich' },
  result: 'Das Ergebnis hat {width} × {height}',
  addNothing: 'Nichts erweitern',
}
