import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: 'Déposez, collez ou choisissez une image',
  release: 'Lâchez pour partir de celle-ci',
  reading: 'Lecture de l’image…',
  alt: 'L’image de départ',
  size: '{width} × {height}',
  takeShape: 'Dessiner dans sa forme : {width} × {height}',
  found: 'Son fichier dit comment elle a été faite ({source}).',
  useFound: 'Reprendre',
  useFoundHelp: 'Remplit les commandes avec les réglages du fichier et retire l’image de départ.',
  noise: '{share} de bruit',
  noiseHelp: 'La part de bruit (en variance) dans ce dont on part ; le reste est l’image.',
  noised: 'L’image de départ avec {share} de bruit, telle que la voit le modèle',
  seeNoise: 'Voir le bruit',
  seeNoiseHelp: 'Montre l’image avec le bruit dont part cette force, telle que la voit le modèle.',
  looking: 'Le modèle regarde l’image…',
  change: {
    crop: '{share} sont coupés',
    fit: '{share} sont ajoutés : ses bords, prolongés',
    stretch: 'Étirée de {share}',
  },
  seeFitting: 'La voir sur la toile',
  seeFittingHelp:
    'Montre sur la toile comment l’image est utilisée à cette taille, pendant que vous changez l’un ou l’autre.',
  fitted: 'L’image de départ telle qu’elle est utilisée, en {width} × {height} : {change}',
  backFromFitting: 'Revenir à la dernière image',
}
