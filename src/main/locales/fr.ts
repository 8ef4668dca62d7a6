import type { Words } from './en.ts'

export const fr: Words = {
  ready: (count) => (count <= 1 ? 'L’image est prête' : `${count} images sont prêtes`),
  failed: 'Une image n’a pas pu être faite',
  quitWhile: 'Une image est en cours. Quitter quand même ?',
  closeWhile: 'Une image est en cours. Que doit-elle devenir ?',
  quitDetail: 'Les images terminées sont gardées. Le reste reprendra quand vous rouvrirez Latent Studio.',
  closeDetail:
    'Sans fenêtre, le travail continue jusqu’à la fin de la file d’attente ; rouvrir Latent Studio ramène la fenêtre. Ce qui n’est pas fini en quittant reprendra la prochaine fois.',
  keepWorking: 'Continuer à travailler',
  goOnWithoutWindow: 'Continuer sans fenêtre',
  quit: 'Quitter',
  cancel: 'Annuler',
  update: {
    isThere: (version) => `Latent Studio ${version} est disponible. Le télécharger ?`,
    detail: 'L’installation se fait en quittant. Vos images, modèles et réglages restent.',
    fetchIt: 'Télécharger',
    notNow: 'Pas maintenant',
  },
  menu: {
    file: 'Fichier',
    newWindow: 'Nouvelle fenêtre',
    openDataFolder: 'Ouvrir le dossier de données',
    edit: 'Édition',
    view: 'Affichage',
    help: 'Aide',
    licences: 'Licences tierces',
  },
  roles: {
    undo: 'Annuler',
    redo: 'Rétablir',
    cut: 'Couper',
    copy: 'Copier',
    paste: 'Coller',
    pasteAndMatchStyle: 'Coller et adapter le style',
    delete: 'Supprimer',
    selectAll: 'Tout sélectionner',
    close: 'Fermer la fenêtre',
    reload: 'Recharger',
    resetZoom: 'Taille réelle',
    zoomIn: 'Zoom avant',
    zoomOut: 'Zoom arrière',
    togglefullscreen: 'Plein écran',
    about: 'À propos de Latent Studio',
    services: 'Services',
    hide: 'Masquer Latent Studio',
    hideOthers: 'Masquer les autres',
    unhide: 'Tout afficher',
    quit: 'Quitter',
  },
  failure: {
    couldNotOpen: 'Latent Studio n’a pas pu s’ouvrir',
    wentWrong: 'Un problème est survenu dans Latent Studio',
    goesOn: (logFile) =>
      `Le programme continue. Si quelque chose ne marche pas, quittez-le et rouvrez-le. Les détails sont dans ${logFile}.`,
    pageGone: 'La fenêtre de Latent Studio ne peut pas être affichée',
    pageGoneDetail: (times, reason) =>
      `Sa page s’est arrêtée ${times} fois de suite (${reason}). Les images continuent de se faire. Si la mémoire manque, fermez d’autres programmes, puis choisissez Affichage → Recharger.`,
  },
  opening: {
    broughtUp: 'L’historique est mis à jour pour cette version : {done} images sur {count}.',
    picturesSorted: 'Les images sont triées pour la recherche : {done} sur {count}.',
    promptsSorted: 'Les prompts sont triés pour la recherche : {done} sur {count}.',
    overwritten: 'L’historique est à jour ; ce qui a été supprimé est en cours d’écrasement.',
    waits:
      'Un autre Latent Studio ouvre {folder} (il met son historique à jour ou le reconstruit) ; celui-ci continuera ensuite.',
  },
}
