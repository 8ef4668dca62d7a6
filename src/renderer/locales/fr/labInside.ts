import type { Begun } from '../en.ts'
import type { inside as english } from '../en/labInside.ts'

export const inside: Begun<typeof english> = {
  look: {
    opening: 'Ouverture du réseau…',
    step: 'L’image est refaite : étape {step} sur {steps}…',
    stop: 'Arrêter',
    stopped: 'Arrêté.',
    again: 'Regarder à nouveau',
  },
  attention: {
    title: 'Attention',
    sentence:
      'L’image regarde les mots pendant qu’elle se fait ; clair, c’est là où un mot a été le plus regardé.',
    words: 'Mots du prompt',
    start: 'début',
    end: 'fin et remplissage',
    ofChunk: '{name} de la partie {chunk}',
    flatWord: '{word} (regardé partout pareil)',
    caption: '« {word} » : {share} de l’attention, {where}.',
    overAll: 'en moyenne sur {steps} étapes',
    atStep: 'à l’étape {step} sur {steps}',
    step: 'Étape',
    all: 'Moyenne sur toutes les étapes',
    settings: 'Ce qui est montré',
    size: 'Taille des cartes',
    allSizes: 'Toutes, en moyenne',
    prompt: 'Prompt',
    ofSteps: '{said} ({read} étapes sur {steps})',
    empty: '(rien)',
    twoEncoders:
      'Ce modèle a deux encodeurs de texte. Les deux lisent les mêmes mots aux mêmes places, côte à côte dans un vecteur ; une carte est donc celle des deux.',
    secondText:
      'Les mots d’ici sont ceux du premier encodeur de texte. Le second a reçu autre chose : « {prompt} ». Ses mots sont aux mêmes places ; une carte est donc celle des deux.',
    pieces: 'Morceaux de « {word} »',
    how: 'Q sont les pixels de l’image intérieure, K les tokens ; la moyenne porte sur les têtes H et les couches L d’une même taille. À chaque pixel, les parts de tous les tokens font 1.',
    flat: 'Cartes plates, regardées partout pareil : {words}. Un tel mot n’a rien placé ; il peut avoir coloré l’ensemble.',
    noneFlat: 'Chaque mot a été plus regardé à certains endroits qu’à d’autres.',
    reduced:
      'Les cartes plus fines que {size} ont été laissées de côté : elles n’auraient pas tenu en mémoire.',
    forecast:
      'Cette prédiction a été extrapolée (« Rapide ») et n’a rien lu : les cartes sont celles de l’étape d’avant.',
    curve: 'Part de l’attention par étape',
    allWords: 'La même pour tous les mots',
    limits:
      'Les cartes disent où l’on a regardé, non ce que cela a fait. Le début d’un prompt est toujours très regardé : là repose l’attention qui n’a besoin d’aucun mot.',
  },
  unet: {
    title: 'Le U-Net',
    sentence:
      'Le réseau qui dessine, à l’œuvre : il descend à gauche, remonte à droite, et passe des choses en travers.',
    drawn: 'Le U-Net, dessiné',
    block: '{name} : {channels} canaux de {size}, {parameters} paramètres{text} {time}',
    readsText: ', le texte entre ici,',
    text: 'texte',
    ms: '{ms} ms',
    skip: 'Skip connection {number} : {channels} canaux de {size}',
    without: 'tel quel',
    with: 'modifié',
    nothing:
      'Rien n’est modifié. Cliquez une ligne pour couper cette skip connection, un bloc pour voir dedans.',
    otherModel:
      'Les {at} premières prédictions ont été dessinées par un autre modèle ({model}) : elles restent telles quelles, et les étapes se comptent à partir de là.',
    cut: 'Coupé : skip connection {skips}.',
    freeU: 'FreeU',
    freeUOn: 'FreeU (Si et al. 2023)',
    freeUHelp:
      'Renforce la moitié de ce qui vient d’en bas et affaiblit les plus basses fréquences de ce qui passe en travers : formes plus claires, textures parfois plus plates.',
    freeUAt: 'FreeU avec b {b} et s {s}.',
    b: 'b {values}',
    s: 's {values}',
    bLabel: 'b : ce qui vient d’en bas',
    sLabel: 's : basses fréquences de ce qui passe en travers',
    activations: 'Dans {block}',
    noActivations: 'Cliquez un bloc pour voir ce qu’il dit de l’image.',
    atStep: 'Étape {step} sur {steps}, σ {sigma}',
    step: 'Étape du bloc',
    blocks: 'Blocs du U-Net',
    total: '{parameters} de paramètres ; {ms} ms pour une évaluation.',
    totalUnmeasured: '{parameters} de paramètres ; les temps ne sont mesurés que sur le CPU.',
    how: 'Les temps sont ceux du profil d’ONNX Runtime, en moyenne de deux évaluations ; ce qui est entre deux blocs compte pour le premier. Plus un bloc est rempli, plus il est long. Curseurs : 0 ne change rien, 1 est ce que les auteurs publient pour SD 1.5, 2.1 et SDXL. Le même seed à chaque fois.',
    fromFile:
      'Ce réseau est si grand que ses poids restent ici dans leur fichier : les temps comprennent leur lecture.',
    column: {
      block: 'bloc',
      channels: 'canaux',
      height: 'hauteur',
      width: 'largeur',
      parameters: 'paramètres',
      ms: 'ms',
    },
  },
}
