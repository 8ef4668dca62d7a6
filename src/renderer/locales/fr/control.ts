import type { Begun } from '../en.ts'
import type { control as english } from '../en/control.ts'

export const control: Begun<typeof english> = {
  title: 'Images de contrôle',
  one: 'Image de contrôle',
  add: 'Ajouter une image de contrôle',
  choose: 'Choisir l’image de contrôle',
  help: 'Une image dont la nouvelle doit suivre les contours, la profondeur, la pose ou les couleurs.',
  given: 'L’image de contrôle telle qu’elle a été donnée',
  seen: 'Ce que le réseau en voit',
  looking: 'Un instant…',
  remove: 'Retirer cette image de contrôle',
  exported:
    'Ce modèle est fait de réseaux ONNX exportés : rien ne peut les guider. Prenez le checkpoint lui-même.',
  transformer: 'Ce modèle dessine avec un transformer : rien ne peut encore le guider ici.',
  gone: 'pas là pour ce modèle',
  model: 'Réseau',
  modelHelp:
    'Le ControlNet ou T2I-Adapter qui lit cette image. Il se trouve dans un des dossiers de modèles.',
  preprocessor: 'En faire',
  preprocessorHelp:
    'Ce qu’on fait d’abord de l’image. Une carte de profondeur, une pose ou un dessin restent tels quels.',
  preprocessors: {
    none: 'Telle quelle',
    canny: 'Contours (Canny)',
    lineart: 'Lignes',
    scribble: 'Gribouillis',
    threshold: 'Noir et blanc',
    invert: 'Inversée',
    blur: 'Floue',
    tile: 'Tuile',
    colour: 'Couleurs',
  },
  settings: {
    low: 'Bas',
    high: 'Haut',
    sigma: 'Rayon',
    threshold: 'Seuil',
    rate: 'Réduction',
    square: 'Carré',
  },
  weight: 'Poids',
  weightHelp: 'Combien compte l’image : 1 comme à l’entraînement du réseau, 0 pas du tout.',
  start: 'De',
  startHelp: 'La part des étapes après laquelle elle commence à compter.',
  end: 'À',
  endHelp: 'La part des étapes après laquelle elle ne compte plus.',
  mode: 'Priorité',
  modeHelp: 'Ce qui l’emporte quand le prompt et l’image se contredisent.',
  modes: { balanced: 'Les deux', prompt: 'Prompt', control: 'Image' },
}
