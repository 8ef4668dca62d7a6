import type { Begun } from '../en.ts'
import type { prompts as english } from '../en/prompts.ts'

export const prompts: Begun<typeof english> = {
  forever: {
    label: 'Sans fin',
    help: 'Sans fin : une image après l’autre, chacune avec une nouvelle seed, jusqu’à ce que vous en annuliez une.',
  },
  suggest: {
    label: 'Suggestions',
    count: 'aucune suggestion | 1 suggestion | {count} suggestions',
    kind: {
      prompt: 'votre prompt',
      embedding: 'embedding',
      lora: 'LoRA',
      wildcard: 'wildcard',
      style: 'style',
      tag: 'étiquette',
    },
  },
  prompts: {
    open: 'Prompts',
    help: 'Prompts : ceux que vous avez gardés sous un nom, et ceux de vos images.',
    search: 'Chercher dans vos prompts',
    saved: 'Gardés',
    past: 'De vos images',
    none: 'Aucun prompt ne contient encore ces mots.',
    name: 'Nom de ce prompt',
    saveHelp: 'Garde les deux prompts, tels qu’ils sont, sous un nom.',
    replaced: '{name} contient désormais ce prompt.',
  },
  lists: {
    add: 'Ajouter une liste…',
    help: 'Ajouter une liste : étiquettes à suggérer ou styles (.csv), ou choix d’un wildcard (.txt). Les fichiers peuvent aussi être déposés sur la fenêtre.',
    known: '{name} est déjà là.',
    taken: {
      tags: '{count} étiquette de {name} est suggérée pendant l’écriture | {count} étiquettes de {name} sont suggérées pendant l’écriture',
      wildcard:
        '__{name}__ représente maintenant {count} choix | __{name}__ représente maintenant un choix parmi {count}',
      styles: '{count} style peut être choisi | {count} styles peuvent être choisis',
    },
  },
  presets: {
    label: 'Préréglages',
    help: 'Préréglages : tous les réglages sous un nom, à retrouver d’un clic.',
    none: 'Rien de gardé encore : donnez un nom aux réglages actuels.',
    name: 'Nom de ces réglages',
    saveHelp: 'Garde tous les réglages tels quels. Sans prompt, les appliquer laisse le vôtre.',
    kept: '{name} est gardé.',
    applied: 'Les commandes sont réglées comme dans {name}.',
    update: 'Garder les réglages actuels sous {name}',
    updated: '{name} a maintenant les réglages actuels.',
  },
  kept: { save: 'Garder', forget: 'Oublier {name}', forgotten: '{name} est oublié.' },
  settingsUndo: { undo: 'Annuler la dernière modification ({keys})', redo: 'La rétablir ({keys})' },
  noise: { levels: '{steps} étapes, bruit de {from} à {to}.' },
}
