import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRA',
  help: 'De petits fichiers qui changent ce que peint le modèle. Plusieurs s’additionnent.',
  add: 'Ajouter un LoRA',
  search: 'Chercher dans les noms et mots déclencheurs',
  none: 'Aucun LoRA n’a ces mots.',
  more: '{count} de plus : tapez pour les trouver.',
  madeFor: 'fait pour {family}',
  strength: 'Force de {name}',
  textLabel: 'dans le texte',
  text: 'Force de {name} dans les encodeurs de texte',
  split: 'Une autre force dans les encodeurs de texte',
  join: 'La même force dans les encodeurs de texte',
  remove: 'Retirer {name}',
  inPrompt: 'dans le prompt, {strength}',
  exported:
    'Ce modèle est fait de réseaux ONNX exportés : aucun LoRA ne peut les changer. Prenez le checkpoint lui-même.',
  gone: 'Ce LoRA n’est pas là. Retirez-le, ou ajoutez son dossier dans Modèles.',
  otherFamily: 'Fait pour {family} ; le modèle est {model}. Choisissez un autre modèle, ou retirez-le.',
  fewSteps: '{method} : utiliser son échantillonneur, {steps} étapes et CFG',
  words: 'Mots déclencheurs',
  insert: 'Mettre « {word} » dans le prompt',
  vae: 'VAE',
  vaeHelp: 'Transforme les latents finis en couleurs. Un autre change le contraste et les détails fins.',
  ownVae: 'Celui du modèle',
}
