import type { Begun } from '../en.ts'
import type { downloads as english } from '../en/downloads.ts'

export const downloads: Begun<typeof english> = {
  title: 'Téléchargements',
  hint: 'Depuis Hugging Face ou Civitai. Rien n’est téléchargé avant que vous ayez vu ce que c’est.',
  link: 'Lien vers un modèle, ou son nom sur Hugging Face',
  example: 'Lien, ou stabilityai/stable-diffusion-xl-base-1.0',
  look: 'Regarder',
  looking: 'Un instant…',
  to: 'Dossier',
  ownFolder: 'Dossier de Latent Studio',
  plan: {
    label: 'Ce qui serait téléchargé',
    page: 'Page',
    revision: 'Révision',
    licence: 'Licence',
    noLicence: 'non indiquée : lisez la page',
    target: 'Va dans',
    size: 'À télécharger',
    ofTotal: '{size} sur {total} ; le reste est dans un cache de cette machine',
    free: '{free} libres',
    noRoom: 'Il ne reste que {free} sur le disque. Libérez de la place ou choisissez un autre dossier.',
    files: 'aucun fichier | 1 fichier | {count} fichiers',
    fromCache: 'dans un cache',
    leftOut:
      '1 autre fichier est inutile | 1 autre fichier est inutile | {count} autres fichiers sont inutiles ({size})',
    present: 'Vous l’avez déjà : {path}',
    choose: 'Plusieurs fichiers se trouvent derrière ce lien. Lequel ?',
    others: 'Autres fichiers derrière ce lien',
    start: 'Télécharger {size}',
  },
  token: {
    needed: {
      huggingface:
        'Ce modèle est soumis à conditions. Acceptez-les sur sa page, créez un jeton dans vos paramètres Hugging Face et mettez-le ici.',
      civitai:
        'Civitai ne donne ses fichiers qu’aux utilisateurs connectés. Créez-y une clé d’API dans les paramètres de votre compte et mettez-la ici.',
    },
    label: { huggingface: 'Jeton Hugging Face', civitai: 'Clé d’API Civitai' },
    give: 'Utiliser',
    keptAs: {
      keychain: 'conservé, chiffré par le système',
      session: 'connu jusqu’à la fermeture de Latent Studio',
      environment: 'tiré de l’environnement',
    },
    willBeKept: 'Il est conservé chiffré par le système et n’est envoyé qu’à ce site.',
    willBeForgotten:
      'Il reste en mémoire jusqu’à la fermeture de Latent Studio et n’est envoyé qu’à ce site.',
    forget: 'Oublier : {site}',
  },
  state: {
    waiting: 'En attente',
    running: '{done} sur {total}',
    checking: 'Vérification des octets…',
    paused: 'En pause à {done} sur {total}',
    failed: 'Refusé',
    done: 'Prêt : {path}',
  },
  speed: '{size}/s',
  startedOver: 'Le serveur n’envoie que des fichiers entiers : celui-ci a donc recommencé après une coupure.',
  list: 'Téléchargements',
  pause: 'Mettre {title} en pause',
  resume: 'Reprendre {title}',
  retry: 'Télécharger {title} de nouveau',
  cancel: 'Annuler {title} et supprimer ce qui a été téléchargé',
  dismiss: 'Retirer {title} de la liste',
  first: {
    title: 'Bons premiers modèles',
    facts: '{size} · {licence}',
    memory: 'environ {memory} Go de mémoire sur le CPU',
    about: {
      sd15: 'Le classique : 512 × 512, et la plupart des LoRA sont faits pour lui.',
      sdxl: 'Des images plus grandes, 1024 × 1024, et plus riches.',
      lightning: 'SDXL en 4 étapes : échantillonneur Euler, scheduler SGM Uniform, CFG 1.',
      lcmLora: 'Va avec tout modèle Stable Diffusion 1.5 : des images en 4 à 8 étapes.',
      sdxlVae: 'Va avec tout modèle SDXL : décode en demi-précision sans images noires.',
    },
    look: 'Regarder {name}',
  },
}
