import type { ErrorCode } from '../../../shared/errors.ts'

export const errorHere: Record<ErrorCode, string> = {
  'bad-request': 'Une valeur ne peut pas servir : corrigez-la comme indiqué ci-dessous.',
  'bad-init-image': 'Cette image ne peut pas servir : choisissez-en une autre en PNG, JPEG ou WebP.',
  'bad-list':
    'Cette liste ne peut pas être ajoutée : prenez des étiquettes ou des styles en .csv, ou un wildcard en .txt, de 32 MiB au plus.',
  'bad-metadata': 'Les paramètres inscrits dans l’image sont illisibles.',
  'bad-checkpoint': 'Ce fichier de modèle est abîmé ou incomplet.',
  'pickle-refused':
    'Ce type de fichier peut contenir du code et n’est pas ouvert : prenez la version .safetensors.',
  'not-a-checkpoint': 'Ce fichier n’est pas un modèle qui dessine.',
  'does-not-fit': 'Le fichier choisi ne va pas avec ce modèle, ou n’est plus à sa place.',
  'misplaced-file': 'Ce fichier est dans le dossier d’une autre sorte : déplacez-le dans le bon.',
  'missing-part': 'Il manque une partie à ce modèle.',
  'missing-weight':
    'Il manque des données au fichier du modèle : récupérez-le à nouveau, ou choisissez un autre modèle.',
  'mis-shaped-weight':
    'Le fichier du modèle ne correspond pas à sa structure : récupérez-le à nouveau, ou choisissez un autre modèle.',
  'unsupported-model': 'Cette version ne peut pas exécuter ce modèle ou ce réglage.',
  'not-found': 'Ce qui est demandé n’est plus ici : remettez-le, ou choisissez autre chose.',
  'bad-image':
    'Le résultat n’est pas une image et n’a pas été enregistré : essayez une autre graine, d’autres réglages ou un autre appareil.',
  'device-unavailable': 'L’appareil choisi n’existe pas sur cette machine.',
  'out-of-memory':
    'La mémoire ne suffit pas : réduisez l’image, fermez d’autres programmes ou prenez un modèle plus petit.',
  'card-too-small':
    'La mémoire de la carte graphique ne suffit pas : réduisez l’image, ou choisissez CPU dans les réglages.',
  'engine-crashed': 'Le moteur s’est arrêté en plein travail.',
  interrupted: 'Le studio a été fermé avant la fin de cette image.',
  cancelled: 'Annulé.',
  'disk-full': 'Le disque est plein : libérez de la place, puis réessayez.',
  'read-only': 'Impossible d’écrire ici : vérifiez les droits du dossier.',
  'database-locked': 'Un autre programme utilise la base de l’historique : fermez-le, puis réessayez.',
  'corrupt-database': 'La base de l’historique est abîmée.',
  unreachable: 'Le site ne répond pas : vérifiez le réseau, puis réessayez.',
  'login-needed': 'Il faut s’y connecter, ou en accepter les conditions.',
  'bad-download':
    'Ce qui a été reçu n’est pas ce qui était annoncé, et a été supprimé : réessayez plus tard.',
  forbidden: 'Ceci n’est pas autorisé ici.',
  disconnected: 'La connexion au studio est coupée.',
  internal: 'Une erreur est survenue dans le studio même.',
}
