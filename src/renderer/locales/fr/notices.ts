import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing:
    'La base de données manquait ; l’historique a été reconstruit à partir des images. Retrouvées : {count}.',
  databaseEmpty:
    'La base de données était vide ; l’historique a été reconstruit à partir des images. Retrouvées : {count}.',
  databaseReplaced:
    'La base de données était endommagée ; l’historique a été reconstruit à partir des images. Retrouvées : {count}.',
  databaseKept:
    'La base de données était endommagée. Elle est conservée sous {file} (supprimez-la si rien ne vous manque) ; l’historique a été reconstruit à partir des images. Retrouvées : {count}.',
  notInPictures:
    'La file d’attente, les grilles et les marques de la corbeille n’ont pas pu être rétablies : les images qui étaient dans la corbeille sont dans l’historique.',
  queueIncomplete: 'Sa file d’attente n’a pas pu être lue en entier : des tâches en attente peuvent manquer.',
  trashIncomplete:
    'Les marques de la corbeille n’ont pas toutes pu être lues : des images qui y étaient peuvent être dans l’historique.',
  databaseDamaged:
    'La base de données est endommagée ({reason}). Redémarrez Latent Studio : elle sera reconstruite à partir des images.',
  entryUnread:
    'L’entrée de l’image {id} dans l’historique est illisible ({reason}) et laissée de côté. L’image ({file}) est conservée ; au prochain démarrage, l’entrée en sera refaite si possible.',
  entriesMade:
    'Une image sur le disque n’avait pas d’entrée lisible dans l’historique. Elle en a une maintenant. | {count} images sur le disque n’avaient pas d’entrée lisible dans l’historique. Elles en ont une maintenant.',
  jobUnread: 'La tâche {id} de la file d’attente est illisible ({reason}) et laissée de côté.',
  queueUnwritten: 'La file d’attente n’a pas pu être enregistrée. {reason}',
  unfinishedLost: 'L’image commencée repartira du début quand sa tâche reprendra. {reason}',

  ofFile: '{file} :',
  settingsUnread: 'Le fichier n’a pas pu être lu ({reason}) ; les réglages par défaut s’appliquent.',
  settingEntries: 'Ce qui n’est pas valable dans « {name} » a été retiré : {reason}.',
  settingDefault: '« {name} » n’est pas valable ({reason}) ; la valeur par défaut s’applique : {value}.',
  settingsKept: 'Le fichier tel qu’il était est conservé sous {file}.',
  settingsNotKept: 'Il n’a pas pu être copié ({reason}) ; le prochain changement d’un réglage le remplacera.',
  settingsUnknown: 'Inconnu de cette version et laissé tel quel : {names}.',
  optionsUnread:
    '{file} est illisible ; les programmes dessinent avec les réglages habituels. Corrigez-le ou retirez-le.',
  listBroken: '{file} n’est pas une liste JSON ; rien n’en est utilisable. Corrigez-le ou retirez-le.',
  listKept: '{file} n’était pas une liste JSON ; tel qu’il était, il est conservé sous {kept}.',
  listEntries: '{file} : entrées illisibles, laissées de côté : {count}. Elles restent dans le fichier.',

  textLarge: '{file} n’a pas été lu : il dépasse 32 Mio. Divisez-le.',
  textForeign:
    '{file} n’a pas été lu : ce n’est pas un texte en UTF-8, UTF-16, UTF-32 ou Windows-1252. Enregistrez-le en UTF-8.',
  textWindows:
    '{file} n’est pas en UTF-8 et a été lu comme Windows-1252. Enregistrez-le en UTF-8 si des lettres sont fausses.',
  textUnread: '{file} n’a pas été lu : {reason}.',
  stylesColumns:
    'La première ligne de styles.csv n’a pas de colonne {missing} (trouvé : {found}) ; ses styles sont inutilisables. Elle devrait être name,prompt,negative_prompt.',

  modelOfImageByHash: '{name}, le modèle de cette image, a été retrouvé par son hash ({hash}) : {path}.',
  modelOfJobByHash: '{name}, le modèle de cette tâche, a été retrouvé par son hash ({hash}) : {path}.',
  modelOfImageByName: '{name}, le modèle de cette image, a été trouvé par son nom : {path}.',
  modelOfJobByName: '{name}, le modèle de cette tâche, a été trouvé par son nom : {path}.',
  modelChanged:
    'Les fichiers de {name} ont changé depuis que cette image a été faite ({hash} alors) ; la nouvelle sera donc différente.',
  modelOther: 'Ses fichiers ne sont plus ceux avec lesquels des images ont été faites auparavant ({hash}).',
  fileRenamed: '{kind} {file} ({hash}) a été retrouvé par son hash : il s’appelle ici {name}.',
  fileOther: '{kind} {file} ({hash}) est ici un autre fichier du même nom ; l’image sera donc différente.',
  upscalerRenamed: 'L’upscaler « {file} » s’appelle maintenant « {name} » ; son contenu est le même.',
  upscalerOther:
    'L’upscaler « {file} » est un autre fichier que celui de cette image : les pixels peuvent différer.',
  defaultsUnread:
    'Les réglages de départ de {file} sont illisibles et laissés de côté. Définissez-les de nouveau.',

  folderMissing:
    'Le dossier de modèles {folder} est absent ou ne peut pas être lu ; ses modèles manquent dans la liste. Vérifiez que son disque est là et cherchez de nouveau, ou retirez-le des dossiers.',
  folderSilent:
    'Le dossier de modèles {folder} ne répond pas ; des modèles peuvent manquer dans la liste. Choisissez un dossier qui contient surtout des modèles.',
  folderSlow:
    'Le dossier de modèles {folder} est trop long à parcourir ; des modèles peuvent manquer dans la liste. Choisissez un dossier qui contient surtout des modèles.',
  folderLarge:
    'Le dossier de modèles {folder} contient trop de fichiers et de dossiers pour être parcouru en entier ; des modèles peuvent manquer dans la liste. Choisissez un dossier qui contient surtout des modèles.',
  extraPathsUnread:
    '{file} est illisible ({reason}) ; les dossiers de modèles qu’il nomme sont laissés de côté. Corrigez-le, puis cherchez de nouveau les modèles.',
  extraPathsLong:
    '{file} est trop long ({size} octets) ; les dossiers de modèles qu’il nomme sont laissés de côté. Corrigez-le, puis cherchez de nouveau les modèles.',
  downloadUnread:
    '{file} est illisible ; ce téléchargement est laissé de côté. Supprimez le fichier et recommencez.',
  mirrorIgnored: 'HF_ENDPOINT n’est pas pris en compte : l’adresse doit commencer par https://.',

  importsFailed: 'Les dossiers d’images n’ont pas pu être parcourus : {reason}',
  importsCut: '{folder} n’a pas été parcouru jusqu’au bout.',
  importsMissing:
    '{path} est absent ou ne peut pas être lu. Ses images restent connues ; vérifiez que son disque est là, ou retirez {folder} des dossiers.',
  importsLarge:
    '{folder} contient trop de fichiers et de dossiers pour être parcouru en entier. Choisissez un dossier qui contient surtout des images.',
  importsEmpty:
    '{folder} est maintenant vide. Son image reste connue ; vérifiez que son disque est là, ou retirez-le des dossiers. | {folder} est maintenant vide. Ses {count} images restent connues ; vérifiez que son disque est là, ou retirez-le des dossiers.',
  importUnread:
    '{file} n’a pas pu être lu ({reason}). Vérifiez les droits du fichier ; un nouvel essai aura lieu au prochain parcours.',
  importsUnread:
    '{file} et un autre fichier n’ont pas pu être lus ({reason}). Vérifiez leurs droits ; un nouvel essai aura lieu au prochain parcours. | {file} et {count} autres n’ont pas pu être lus ({reason}). Vérifiez leurs droits ; un nouvel essai aura lieu au prochain parcours.',

  deviceGivenUp:
    '{device} a échoué deux fois ; la tâche continue, plus lentement, sur le CPU. Choisissez CPU comme appareil pour éviter ces essais. {reason}',
  deviceTooSmall: 'La tâche continue, plus lentement, sur le CPU. {reason}',
  turboOnCard: 'Turbo est pour le CPU : sur {device}, l’image a été calculée comme d’habitude.',
  turboOnGraphs:
    'Turbo a besoin des poids d’un modèle : celui-ci est fait de graphes ONNX et a été calculé comme d’habitude.',
  otherWidening:
    'La mémoire ne suffit pas pour calculer comme pour cette image : les poids restent dans leur fichier. Quelques valeurs de la nouvelle peuvent différer d’un niveau sur 256.',
  otherGuidance:
    'Pour cette image, les deux prédictions de CFG ont été calculées ensemble, ce qui n’est pas possible ici pour le moment : elles se font l’une après l’autre. Quelques valeurs de la nouvelle peuvent différer un peu.',
  previewsCoarse: 'Les aperçus sont grossiers. {reason}',
  adapterLeftOut:
    'Ces tenseurs de {name} ({path}) ne correspondent à rien dans ce modèle et sont laissés de côté : {tensors}.',
  halfOverflowed:
    'L’autoencodeur (VAE) du modèle n’a pas donné d’image en demi-précision (float16) ; les latents ont été décodés de nouveau en float32. Un export en float32 évite cette attente.',
  decodedOnCpu:
    '{device} n’a pas fait d’image des latents terminés ; ils ont été décodés de nouveau sur le CPU, en float32. Choisissez CPU comme appareil si cela se répète.',

  farmAway:
    'Le Redis de la ferme ({redis}) est injoignable. Les tâches attendent dans le studio et reprendront à son retour.',
  pausesUnread: '{file} est illisible ; plus aucun worker n’est en pause. Mettez-les de nouveau en pause.',

  updateReady: 'Latent Studio {version} est téléchargé. Il s’installera quand vous quitterez.',
  updateFailed:
    'Aucune version plus récente n’a pu être téléchargée ({reason}). Rien n’a changé ; nouvel essai au prochain démarrage.',
}
