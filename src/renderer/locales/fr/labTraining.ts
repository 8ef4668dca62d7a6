import type { Begun } from '../en.ts'
import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: Begun<typeof english> = {
  title: 'Entraînement',
  sentence: 'Un réseau voit des images sous du bruit et apprend à dire ce qu’était le bruit. C’est tout.',
  views: { pictures: 'Étapes', starters: 'Starters', learning: 'Algorithme 1', drawing: 'Algorithme 2' },
  says: {
    learning:
      'Comment il apprend : prenez une image, une étape et du bruit, mélangez-les d’un coup, et corrigez le réseau d’autant que son estimation du bruit se trompe.',
    drawing:
      'Comment il dessine : du bruit pur, retirez un peu du bruit que voit le réseau, remettez moins de bruit frais, et recommencez. À la dernière étape, rien n’est remis.',
  },
  caption: 'Après {step} étapes sur {of}, toutes à partir du même bruit.',
  checkpoint: 'Étapes d’entraînement',
  pixels:
    'Ce sont les images de « Starter, pixels », livré avec le studio : 32 × 32 pixels, aucun mot, entraîné sur des scènes dessinées par un programme.',
  curves: 'Comme il estime bien',
  loss: 'loss',
  lossTitle: 'Loss au fil des étapes',
  now: 'à cette étape',
  end: 'à la fin',
  errorTitle: 'Erreur par pas de temps, scènes jamais vues',
  errorHelp:
    'Dans beaucoup de bruit (à droite), le bruit est facile à voir et l’image difficile à deviner ; dans peu de bruit (à gauche), c’est l’inverse.',
  starterCaption: 'Starter {which} sur {of} : {side} × {side} pixels, {kinds} sortes de choses apprises.',
  whichStarter: 'Quel starter',
  startersHelp:
    'Chaque starter entraîné par ce projet, à qui l’on demande les neuf mêmes images : seed 1, 20 étapes de DDIM, CFG 4, le moteur d’aujourd’hui. Ce sont des modèles à part, d’entraînements à part, et non les checkpoints d’un seul ; les poids en chemin n’ont pas été gardés.',
  asked: 'Ce qu’on leur a demandé',
  askedHelp:
    'De gauche à droite, rangée par rangée. Ce que nomment les trois dernières, un renard, un chapeau et un cheval, seul le plus récent a appris à le dessiner. Les images de 128 × 128 sont montrées agrandies ; le plus récent part d’un bruit plus grand, son seed 1 en est donc un autre.',
  starterCurveTitle: 'Comment le plus récent a appris',
  starterCurve: 'L’erreur décroissante du débruiteur du starter au fil de son entraînement',
  starterHelp:
    'Les starters apprennent comme le modèle de pixels, mais sur des latents et avec des légendes ; le plus récent l’a fait sur une carte graphique, à partir des poids d’un plus ancien. De cet entraînement, on a gardé ce dessin sans ses nombres : la loss sur 2 870 étapes, à l’échelle logarithmique.',
  toy: 'En entraîner un minuscule vous-même',
}
