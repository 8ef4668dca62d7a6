import type { Begun } from '../en.ts'
import type { control as english } from '../en/control.ts'

export const control: Begun<typeof english> = {
  title: 'Steuerbilder',
  one: 'Steuerbild',
  add: 'Steuerbild hinzufügen',
  choose: 'Steuerbild wählen',
  help: 'Ein Bild, dessen Kanten, Tiefe, Pose oder Farben das neue Bild folgen soll.',
  given: 'Das Steuerbild, wie es gegeben wurde',
  seen: 'Was das Netz davon sieht',
  looking: 'Wird angesehen …',
  remove: 'Dieses Steuerbild entfernen',
  exported:
    'Dieses Modell besteht aus exportierten ONNX-Netzen: Die lassen sich nicht steuern. Nimm den Checkpoint selbst.',
  transformer: 'Dieses Modell zeichnet mit einem Transformer: Den kann hier noch nichts steuern.',
  gone: 'für dieses Modell nicht da',
  model: 'Netz',
  modelHelp:
    'Das ControlNet oder der T2I-Adapter, der dieses Bild liest. Es liegt in einem der Modellordner.',
  preprocessor: 'Umwandeln',
  preprocessorHelp:
    'Was zuerst aus dem Bild gemacht wird. Eine Tiefenkarte, eine Pose oder eine Zeichnung bleibt, wie sie ist.',
  preprocessors: {
    none: 'Wie es ist',
    canny: 'Kanten (Canny)',
    lineart: 'Linien',
    scribble: 'Kritzelei',
    threshold: 'Schwarz-weiß',
    invert: 'Umgekehrt',
    blur: 'Unscharf',
    tile: 'Kachel',
    colour: 'Farben',
  },
  settings: {
    low: 'Untere',
    high: 'Obere',
    sigma: 'Radius',
    threshold: 'Schwelle',
    rate: 'Gröber um',
    square: 'Quadrat',
  },
  weight: 'Gewicht',
  weightHelp: 'Wie viel das Bild zählt: 1, wie das Netz trainiert wurde, 0 gar nicht.',
  start: 'Von',
  startHelp: 'Nach welchem Anteil der Schritte es zu zählen beginnt.',
  end: 'Bis',
  endHelp: 'Nach welchem Anteil der Schritte es nicht mehr zählt.',
  mode: 'Vorrang',
  modeHelp: 'Was gewinnt, wo Prompt und Bild sich widersprechen.',
  modes: { balanced: 'Beide', prompt: 'Prompt', control: 'Bild' },
}
