import type { Begun } from '../en.ts'
import type { firstRun as english } from '../en/firstRun.ts'

export const firstRun: Begun<typeof english> = {
  help: 'Premiers pas',
  tour: 'Faire la visite',
  end: 'Terminer la visite',
  at: '{at} sur {of}',
  next: 'Suivant',
  back: 'Retour',
  done: 'Terminé',
  stops: {
    prompt: {
      title: 'Dites ce que vous voulez voir',
      text: 'Des mots simples suffisent. En dessous figure le nombre de tokens que lit le modèle ; {heavier} donne plus de poids à un mot.',
    },
    settings: {
      title: 'Donnez-lui forme',
      text: 'Les réglages conviennent au modèle dès le départ. Chacun a une phrase d’aide, et un point marque ce que vous avez changé : un clic dessus l’annule.',
    },
    generate: {
      title: 'Générez-la',
      text: 'Un clic fait l’image, d’autres clics attendent dans la file. L’éclair dessine pendant que vous écrivez.',
    },
    canvas: {
      title: 'Regardez-la se développer',
      text: 'L’image se précise étape par étape. Dessous se trouve la suite : la générer de nouveau, partir d’elle, l’agrandir.',
    },
    pages: {
      title: 'Tout le reste',
      text: 'La galerie garde chaque image avec ses réglages, Modèles montre avec quoi vous peignez, et le Labo comment cela marche. {palette} trouve tout par son nom, {shortcuts} montre les touches.',
    },
  },
  newsLine: 'Latent Studio a appris de nouvelles choses.',
  newsShow: 'Nouveautés',
  newsTitle: 'Nouveautés',
  news: {
    grids: {
      title: 'Grilles',
      text: 'La même image sur un à trois paramètres, côte à côte : la section « Grille » dans Créer.',
    },
    prompt: {
      title: 'Des prompts qui montrent ce que lit le modèle',
      text: 'Tokens, segments et poids en couleur, suggestions pendant la frappe, et une bibliothèque de vos prompts.',
    },
    mask: {
      title: 'Repeindre une partie',
      text: 'Pinceau, lasso et bords doux sur une image de départ ; tirez ses bords pour aller au-delà.',
    },
    library: {
      title: 'Une galerie qui trouve',
      text: 'Étoiles, étiquettes, albums et recherches comme « steps>30 » ; comparez des images et voyez ce qui diffère.',
    },
    pause: {
      title: 'Pause au milieu d’une image',
      text: 'Puis reprendre plus tard, même après un redémarrage, jusqu’aux mêmes pixels.',
    },
    languages: {
      title: 'Plus de langues',
      text: 'Sept de plus, que personne n’a encore relues parmi ceux dont c’est la langue : choisissez la vôtre dans les réglages.',
    },
  },
}
