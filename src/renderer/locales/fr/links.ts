import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    'Ce lien ne mène pas à un modèle. Collez l’adresse d’un modèle ou d’un fichier sur huggingface.co ou civitai.com, ou le nom d’un dépôt, comme stabilityai/stable-diffusion-xl-base-1.0.',
  linkNoModel:
    'Cette page de {site} n’est pas un modèle. Collez l’adresse de la page du modèle lui-même, ou d’un de ses fichiers.',
  linkNoFile: 'Il n’y a pas de fichier {path} derrière ce lien. Vérifiez le lien.',
  linkUnusable:
    '{path} ne peut pas servir seul. Choisissez un fichier .safetensors, ou la page du modèle entier.',
  linkNoWeights: 'Il n’y a pas de fichier .safetensors derrière ce lien. Choisissez un autre modèle.',
  linkPickle:
    '{path} est un pickle Python, qui peut exécuter du code à l’ouverture : il n’est pas téléchargé. Cherchez une version .safetensors du modèle.',
  linkNoUnet:
    'C’est un {kind} sans U-Net, que cette version ne sait pas exécuter. Les modèles des familles Stable Diffusion 1, 2 et XL fonctionnent.',
  linkStrangePart:
    'C’est un {kind} avec une partie « {part} », que cette version ne sait pas exécuter. Les modèles des familles Stable Diffusion 1, 2 et XL fonctionnent.',
  linkPartless:
    'Le dépôt n’a pas les poids de la partie « {part} » de ce modèle. Choisissez un autre modèle.',
  linkIndexUnread: 'Le model_index.json de ce dépôt n’est pas du JSON valide. Choisissez un autre modèle.',
  linkFileName:
    'Le dépôt a un fichier appelé {path}, ce qui n’est pas un nom de fichier ici. Cherchez le modèle ailleurs.',
  linkSeveral: 'Il y a plusieurs fichiers derrière ce lien. Dites lequel : {links}',
  linkPresent: 'Il est déjà ici : {path}.',
  linkNoVersion: 'Aucune version de ce modèle n’est visible sur {site}. Choisissez un autre modèle.',
  linkNoHash:
    '{site} n’indique pas encore le sha256 de ce fichier : ce qui viendrait ne pourrait pas être vérifié. Réessayez plus tard.',
  siteNoModel: '{site} n’a pas ce modèle. Vérifiez le lien ; il a peut-être été retiré.',
  siteNoRevision: '{site} n’a pas cette révision. Vérifiez le lien ; elle a peut-être été retirée.',
  siteNoFile: '{site} n’a pas ce fichier. Vérifiez le lien ; il a peut-être été retiré.',
  siteRefuses: '{site} refuse (HTTP {status}). Réessayez plus tard.',
  siteUnread: 'La réponse de {site} est incompréhensible. Réessayez plus tard.',
  loginCivitai:
    'Civitai ne donne ses fichiers qu’aux personnes connectées. Créez une clé API dans les réglages de votre compte là-bas, et mettez-la ici.',
  tokenCivitai:
    'Civitai refuse la clé, ou son compte n’a pas encore droit à ce fichier (accès anticipé). Créez une nouvelle clé API dans les réglages de votre compte là-bas.',
  loginPrivate: 'Hugging Face n’a pas ce modèle, ou il est privé : il faut alors un jeton. Vérifiez le lien.',
  tokenPrivate:
    'Hugging Face n’a pas ce modèle, ou il est privé et le compte du jeton ne peut pas le voir. Vérifiez le lien.',
  loginTerms:
    'Ce modèle demande d’accepter des conditions ou de se connecter. Acceptez-les sur sa page chez Hugging Face, créez un jeton dans vos réglages là-bas, et mettez-le ici.',
  tokenTerms:
    'Hugging Face refuse le jeton, ou son compte n’a pas accepté les conditions de ce modèle. Acceptez-les sur la page du modèle, et vérifiez que le jeton peut lire les modèles à accès restreint.',
}
