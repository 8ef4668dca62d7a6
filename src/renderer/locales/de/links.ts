import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    'Das ist kein Link zu einem Modell. Füge die Adresse eines Modells oder einer Datei auf huggingface.co oder civitai.com ein, oder den Namen eines Repositorys wie stabilityai/stable-diffusion-xl-base-1.0.',
  linkNoModel:
    'Diese Seite von {site} ist kein Modell. Füge die Adresse der Seite des Modells selbst ein, oder die einer seiner Dateien.',
  linkNoFile: 'Hinter diesem Link gibt es keine Datei {path}. Sieh dir den Link an.',
  linkUnusable:
    '{path} lässt sich nicht für sich allein verwenden. Wähle eine .safetensors-Datei oder die Seite des ganzen Modells.',
  linkNoWeights: 'Hinter diesem Link gibt es keine .safetensors-Dateien. Wähle ein anderes Modell.',
  linkPickle:
    '{path} ist ein Python-Pickle, das beim Öffnen Programme ausführen kann, und wird nicht geladen. Such das Modell als .safetensors.',
  linkNoUnet:
    'Das ist ein {kind} ohne U-Net; das kann diese Version nicht ausführen. Modelle der Familien Stable Diffusion 1, 2 und XL laufen.',
  linkStrangePart:
    'Das ist ein {kind} mit einem Teil „{part}“; das kann diese Version nicht ausführen. Modelle der Familien Stable Diffusion 1, 2 und XL laufen.',
  linkPartless:
    'Im Repository fehlen die Gewichte für den Teil „{part}“ dieses Modells. Wähle ein anderes Modell.',
  linkIndexUnread:
    'Die model_index.json dieses Repositorys ist kein gültiges JSON. Wähle ein anderes Modell.',
  linkFileName:
    'Im Repository heißt eine Datei {path}; so kann hier keine Datei heißen. Such das Modell woanders.',
  linkSeveral: 'Hinter diesem Link liegen mehrere Dateien. Sag, welche: {links}',
  linkPresent: 'Das ist schon hier: {path}.',
  linkNoVersion: 'Von diesem Modell ist auf {site} keine Version zu sehen. Wähle ein anderes Modell.',
  linkNoHash:
    '{site} nennt noch keinen sha256 dieser Datei; was käme, ließe sich nicht prüfen. Versuch es später noch einmal.',
  siteNoModel: '{site} hat kein solches Modell. Sieh dir den Link an; vielleicht wurde es entfernt.',
  siteNoRevision: '{site} hat keine solche Revision. Sieh dir den Link an; vielleicht wurde sie entfernt.',
  siteNoFile: '{site} hat keine solche Datei. Sieh dir den Link an; vielleicht wurde sie entfernt.',
  siteRefuses: '{site} lehnt ab (HTTP {status}). Versuch es später noch einmal.',
  siteUnread: 'Die Antwort von {site} ist nicht zu verstehen. Versuch es später noch einmal.',
  loginCivitai:
    'Civitai gibt Dateien nur an Angemeldete. Erstelle dort in den Einstellungen deines Kontos einen API-Schlüssel und trag ihn hier ein.',
  tokenCivitai:
    'Civitai lehnt den Schlüssel ab, oder sein Konto darf diese Datei noch nicht haben (Early Access). Erstelle dort in den Einstellungen deines Kontos einen neuen API-Schlüssel.',
  loginPrivate:
    'Hugging Face hat kein solches Modell, oder es ist privat: Dann braucht es ein Token. Sieh dir den Link an.',
  tokenPrivate:
    'Hugging Face hat kein solches Modell, oder es ist privat und das Konto des Tokens darf es nicht sehen. Sieh dir den Link an.',
  loginTerms:
    'Für dieses Modell muss man Bedingungen annehmen oder sich anmelden. Nimm sie auf seiner Seite bei Hugging Face an, erstelle dort in deinen Einstellungen ein Token und trag es hier ein.',
  tokenTerms:
    'Hugging Face lehnt das Token ab, oder sein Konto hat die Bedingungen dieses Modells nicht angenommen. Nimm sie auf der Seite des Modells an, und sieh nach, ob das Token geschützte Modelle lesen darf.',
}
