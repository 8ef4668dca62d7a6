import type { Begun } from '../en.ts'
import type { labRace as english } from '../en/labRace.ts'

export const labRace: Begun<typeof english> = {
  title: 'Course des samplers',
  sentence:
    'Le même bruit sous les samplers de votre choix, dont aucun ne peut interroger le réseau plus souvent qu’un autre.',
  settings: 'La course',
  name: '{sampler}, {schedule}',
  samplerOf: 'Sampler du coureur {number}',
  scheduleOf: 'Scheduler du coureur {number}',
  leave: 'Retirer {name} de la course',
  add: 'Ajouter un coureur',
  twice: '{name} court déjà.',
  evaluations: 'Évaluations',
  evaluationsHelp:
    'Plus de tours : des lignes plus longues dans le graphique, et chaque tour dure deux fois plus que celui d’avant.',
  upTo: 'Jusqu’à {count}',
  referenceRun: 'Référence',
  referenceName: 'Référence : {name}, {evaluations} évaluations',
  referenceHelp:
    'Évaluations de DPM++ 2M avec le scheduler Normal, dont la fin est tenue pour exacte. Moins : plus tôt, et aucune erreur plus petite n’est fiable.',
  go: 'Lancer la course',
  goOn: 'Reprendre la course',
  stop: 'Arrêter',
  running: {
    reference: 'La référence en {evaluations} évaluations',
    own: '{name} : {evaluations} évaluations',
    other: '{name} : {evaluations} évaluations avec un autre bruit',
  },
  ahead: 'Encore {count} évaluations.',
  interrupted: 'Autre chose a été demandé au modèle. Encore {count} évaluations.',
  over: 'Tout est couru.',
  round: 'Évaluations des générations montrées',
  at: 'Après {at} évaluations sur {of}',
  evaluation: 'Évaluation',
  play: 'Les laisser se développer',
  pause: 'Pause',
  ran: '{evaluations} évaluations en {steps} étapes',
  error: 'à {error} de la référence',
  develops: 'une évaluation sur {round}…',
  verdict: {
    open: 'un tour ne dit encore rien',
    converges: 'converge : ordre {order}',
    stays: 'ne s’approche pas : ordre {order}',
    wanders: 'erre : un autre bruit finit à {spread}',
  },
  curve: 'Distance à la référence',
  kind: { whole: 'Générations entières', inside: 'Dans une génération' },
  titleWhole: 'Erreur des générations entières',
  titleInside: 'Erreur de l’estimation dans la génération de {round}',
  says: {
    whole:
      'Chaque point est une génération entière de ce nombre d’évaluations, et dit combien ses latents (écart type d’environ 1) sont loin de la référence. C’est la convergence : plus une ligne descend vite, plus l’ordre est élevé. Une ligne en tirets erre : son image dépend du bruit qu’elle ajoute, elle est donc comparée à une image parmi beaucoup d’aussi bonnes.',
    inside:
      'L’estimation de l’image nette à chaque évaluation d’une génération, pour laquelle aucune autre n’est nécessaire. Elle montre comment une image se développe, non quel sampler est plus exact : chaque estimation finit à l’image de sa propre génération.',
  },
  keep: 'Garder {count} images',
  keepHelp: 'Met en file d’attente l’image de ce tour de chaque coureur, une image ordinaire de la galerie.',
  queued: '{count} images sont dans la file d’attente.',
  caption:
    '« {prompt} », seed {seed} : le même bruit sous plusieurs samplers après {at} évaluations sur {of}, comparé à DPM++ 2M en {reference}.',
  cannot:
    'Choisissez une autre image. Aller et Espace latent regardent celle-ci avec tout modèle qui sait lire des images.',
  note: {
    unknown: 'L’adresse nomme ce qui n’est pas un sampler avec un scheduler : {names}. Les autres courent.',
    repeated: 'L’adresse nomme deux fois : {names}. Ils courent une fois.',
    tooMany: 'Pas plus de {most} ne courent : {names} est resté dehors.',
    evaluations: 'Il n’y a pas de dernier tour de {asked} évaluations : {taken} ont été prises.',
    reference: 'La référence ne peut pas avoir {asked} évaluations : {taken} ont été prises.',
    round: 'Il n’y a pas de tour de {asked} évaluations (il y a {rounds}) : le plus récent est montré.',
    start: 'Cette image a commencé par une autre ; la course commence par son seul bruit.',
    branch: 'Cette image est une branche ; elle court comme si tout était dessiné comme elle finit.',
    hires: 'Seul le premier passage court.',
    fast: '« Rapide » est laissé de côté : toutes les prédictions sont demandées.',
    turned:
      'Ce que cette image a changé à son sampler (eta, churn, rho) est laissé de côté : chacun court comme il est fait.',
    takes:
      'Ce modèle mélange image et bruit en ligne droite (flow). Il prend {samplers} ; avec les schedulers {schedules}. Les autres mettent du bruit selon des règles qu’il ne suit pas.',
  },
}
