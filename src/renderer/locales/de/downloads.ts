import type { Begun } from '../en.ts'
import type { downloads as english } from '../en/downloads.ts'

export const downloads: Begun<typeof english> = {
  title: 'Downloads',
  hint: 'Von Hugging Face oder Civitai. Nichts wird geladen, bevor du gesehen hast, was es ist.',
  link: 'Link zu einem Modell oder sein Name bei Hugging Face',
  example: 'Link oder stabilityai/stable-diffusion-xl-base-1.0',
  look: 'Ansehen',
  looking: 'Wird angesehen …',
  to: 'Ordner',
  ownFolder: 'Eigener Ordner von Latent Studio',
  plan: {
    label: 'Was geladen würde',
    page: 'Seite',
    revision: 'Revision',
    licence: 'Lizenz',
    noLicence: 'nicht angegeben: Lies die Seite',
    target: 'Kommt nach',
    size: 'Zu laden',
    ofTotal: '{size} von {total}; der Rest liegt in einem Cache dieses Rechners',
    free: '{free} frei',
    noRoom: 'Auf dem Datenträger sind nur {free} frei. Schaff Platz, oder wähl einen anderen Ordner.',
    files: '1 Datei | 1 Datei | {count} Dateien',
    fromCache: 'in einem Cache',
    leftOut:
      '1 weitere Datei wird nicht gebraucht | 1 weitere Datei wird nicht gebraucht | {count} weitere Dateien werden nicht gebraucht ({size})',
    present: 'Das hast du schon: {path}',
    choose: 'Hinter diesem Link liegen mehrere Dateien. Welche?',
    others: 'Weitere Dateien hinter diesem Link',
    start: '{size} laden',
  },
  token: {
    needed: {
      huggingface:
        'Dieses Modell verlangt, dass man Bedingungen annimmt. Tu das auf seiner Seite, erzeug in deinen Einstellungen bei Hugging Face ein Token, und trag es hier ein.',
      civitai:
        'Civitai gibt Dateien nur an Angemeldete. Erzeug dort in deinen Kontoeinstellungen einen API-Schlüssel, und trag ihn hier ein.',
    },
    label: { huggingface: 'Token von Hugging Face', civitai: 'API-Schlüssel von Civitai' },
    give: 'Verwenden',
    keptAs: {
      keychain: 'gespeichert, vom System verschlüsselt',
      session: 'bekannt, bis Latent Studio geschlossen wird',
      environment: 'aus der Umgebung',
    },
    willBeKept: 'Es wird vom System verschlüsselt gespeichert und nur an diese Seite gesendet.',
    willBeForgotten:
      'Es bleibt im Speicher, bis Latent Studio geschlossen wird, und wird nur an diese Seite gesendet.',
    forget: '{site} vergessen',
  },
  state: {
    waiting: 'Wartet',
    running: '{done} von {total}',
    checking: 'Bytes werden geprüft …',
    paused: 'Angehalten bei {done} von {total}',
    failed: 'Abgelehnt',
    done: 'Fertig: {path}',
  },
  speed: '{size}/s',
  startedOver: 'Der Server sendet nur ganze Dateien, deshalb begann diese nach einer Unterbrechung von vorn.',
  list: 'Downloads',
  pause: '{title} anhalten',
  resume: '{title} fortsetzen',
  retry: '{title} neu laden',
  cancel: '{title} abbrechen und Geladenes löschen',
  dismiss: '{title} aus der Liste nehmen',
  first: {
    title: 'Gute erste Modelle',
    facts: '{size} · {licence}',
    memory: 'etwa {memory} GB Arbeitsspeicher auf der CPU',
    about: {
      sd15: 'Der Klassiker: 512 × 512, und die meisten LoRAs sind dafür gemacht.',
      sdxl: 'Größere Bilder, 1024 × 1024, auf denen mehr zu sehen ist.',
      lightning: 'SDXL in 4 Schritten: Sampler Euler, Schedule SGM Uniform, CFG 1.',
      lcmLora: 'Passt zu jedem Modell von Stable Diffusion 1.5: Bilder in 4 bis 8 Schritten.',
      sdxlVae: 'Passt zu jedem SDXL-Modell: dekodiert in halber Genauigkeit ohne schwarze Bilder.',
    },
    look: '{name} ansehen',
  },
}
