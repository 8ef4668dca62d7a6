import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing:
    'Die Datenbank fehlte; der Verlauf wurde aus den Bildern wieder aufgebaut. Zurückgekommen: {count}.',
  databaseEmpty:
    'Die Datenbank war leer; der Verlauf wurde aus den Bildern wieder aufgebaut. Zurückgekommen: {count}.',
  databaseReplaced:
    'Die Datenbank war beschädigt; der Verlauf wurde aus den Bildern wieder aufgebaut. Zurückgekommen: {count}.',
  databaseKept:
    'Die Datenbank war beschädigt und liegt jetzt als {file} (lösch sie, wenn dir nichts fehlt); der Verlauf wurde aus den Bildern wieder aufgebaut. Zurückgekommen: {count}.',
  notInPictures:
    'Warteschlange, Raster und die Markierungen des Papierkorbs ließen sich nicht wiederherstellen: Bilder, die im Papierkorb waren, stehen wieder im Verlauf.',
  queueIncomplete: 'Ihre Warteschlange war nicht ganz lesbar: Es können wartende Aufträge fehlen.',
  trashIncomplete:
    'Nicht alle Markierungen des Papierkorbs waren lesbar: Bilder daraus können wieder im Verlauf stehen.',
  databaseDamaged:
    'Die Datenbank ist beschädigt ({reason}). Starte Latent Studio neu, dann wird sie aus den Bildern wieder aufgebaut.',
  entryUnread:
    'Der Eintrag von Bild {id} im Verlauf ist nicht lesbar ({reason}) und wird ausgelassen. Das Bild selbst ({file}) bleibt; beim nächsten Start wird der Eintrag daraus neu gemacht, wenn das geht.',
  entriesMade:
    'Ein Bild auf der Platte hatte keinen lesbaren Eintrag im Verlauf. Jetzt hat es einen. | {count} Bilder auf der Platte hatten keinen lesbaren Eintrag im Verlauf. Jetzt haben sie einen.',
  jobUnread: 'Auftrag {id} in der Warteschlange ist nicht lesbar ({reason}) und wird ausgelassen.',
  queueUnwritten: 'Die Warteschlange ließ sich nicht speichern. {reason}',
  unfinishedLost: 'Das angefangene Bild beginnt von vorn, wenn sein Auftrag weitergeht. {reason}',

  ofFile: '{file}:',
  settingsUnread: 'Die Datei war nicht lesbar ({reason}); es gelten die Standardeinstellungen.',
  settingEntries: 'Aus „{name}“ wurde weggelassen, was ungültig ist: {reason}.',
  settingDefault: '„{name}“ ist ungültig ({reason}); es gilt der Standard: {value}.',
  settingsKept: 'Die Datei, wie sie war, liegt als {file} daneben.',
  settingsNotKept:
    'Sie ließ sich nicht kopieren ({reason}); die nächste Änderung einer Einstellung ersetzt sie.',
  settingsUnknown: 'In dieser Version unbekannt und unverändert gelassen: {names}.',
  optionsUnread:
    '{file} ist nicht lesbar; Programme zeichnen mit den üblichen Einstellungen. Berichtige die Datei, oder nimm sie weg.',
  listBroken:
    '{file} ist keine Liste in JSON und lässt sich nicht verwenden. Berichtige die Datei, oder nimm sie weg.',
  listKept: '{file} war keine Liste in JSON; wie sie war, liegt sie als {kept} daneben.',
  listEntries: '{file}: Nicht lesbare Einträge, die ausgelassen werden: {count}. Sie bleiben in der Datei.',

  textLarge: '{file} wurde nicht gelesen: Die Datei ist größer als 32 MiB. Teile sie.',
  textForeign:
    '{file} wurde nicht gelesen: Das ist kein Text in UTF-8, UTF-16, UTF-32 oder Windows-1252. Speichere ihn als UTF-8.',
  textWindows:
    '{file} ist nicht UTF-8 und wurde als Windows-1252 gelesen. Speichere die Datei als UTF-8, wenn Buchstaben falsch sind.',
  textUnread: '{file} wurde nicht gelesen: {reason}.',
  stylesColumns:
    'In der ersten Zeile von styles.csv fehlt: {missing} (gefunden: {found}); die Stile lassen sich nicht verwenden. Die erste Zeile sollte name,prompt,negative_prompt sein.',

  modelOfImageByHash: '{name}, das Modell dieses Bildes, wurde am Hash ({hash}) wiedergefunden: {path}.',
  modelOfJobByHash: '{name}, das Modell dieses Auftrags, wurde am Hash ({hash}) wiedergefunden: {path}.',
  modelOfImageByName: '{name}, das Modell dieses Bildes, wurde am Namen gefunden: {path}.',
  modelOfJobByName: '{name}, das Modell dieses Auftrags, wurde am Namen gefunden: {path}.',
  modelChanged:
    'Die Dateien von {name} sind andere als zu der Zeit, als dieses Bild entstand (damals {hash}); das neue wird also abweichen.',
  modelOther: 'Die Dateien sind andere als die, mit denen frühere Bilder entstanden ({hash}).',
  fileRenamed: '{kind} {file} ({hash}) wurde am Hash gefunden und heißt hier {name}.',
  fileOther:
    '{kind} {file} ({hash}) ist hier eine andere Datei desselben Namens; das Bild wird also abweichen.',
  upscalerRenamed: 'Der Upscaler „{file}“ heißt jetzt „{name}“; der Inhalt ist derselbe.',
  upscalerOther:
    'Der Upscaler „{file}“ ist eine andere Datei als die, mit der dieses Bild entstand: Die Pixel können abweichen.',
  defaultsUnread:
    'Womit {file} beginnen soll (die Vorgaben), ist nicht lesbar und wird ausgelassen. Setz es neu.',

  folderMissing:
    'Der Modellordner {folder} ist nicht da oder darf nicht gelesen werden; seine Modelle fehlen in der Liste. Sieh nach, ob sein Laufwerk da ist, und such noch einmal, oder nimm ihn aus den Modellordnern.',
  folderSilent:
    'Der Modellordner {folder} antwortet nicht; einige seiner Modelle können in der Liste fehlen. Wähle einen Ordner, in dem Modelle liegen und wenig anderes.',
  folderSlow:
    'Der Modellordner {folder} brauchte zu lange; einige seiner Modelle können in der Liste fehlen. Wähle einen Ordner, in dem Modelle liegen und wenig anderes.',
  folderLarge:
    'Im Modellordner {folder} liegen mehr Dateien und Ordner, als durchgesehen werden; einige seiner Modelle können in der Liste fehlen. Wähle einen Ordner, in dem Modelle liegen und wenig anderes.',
  extraPathsUnread:
    '{file} ist nicht lesbar ({reason}); die darin genannten Modellordner werden ausgelassen. Berichtige die Datei, und such noch einmal nach Modellen.',
  extraPathsLong:
    '{file} ist mit {size} Bytes zu lang; die darin genannten Modellordner werden ausgelassen. Berichtige die Datei, und such noch einmal nach Modellen.',
  downloadUnread:
    '{file} ist nicht lesbar; dieser Download wird ausgelassen. Entferne die Datei, und beginne ihn neu.',
  mirrorIgnored: 'HF_ENDPOINT wird nicht verwendet: Die Adresse muss mit https:// beginnen.',

  importsFailed: 'Die Bilderordner ließen sich nicht durchsehen: {reason}',
  importsCut: '{folder} wurde nicht bis zum Ende durchgesehen.',
  importsMissing:
    '{path} ist nicht da oder darf nicht gelesen werden. Die Bilder darin bleiben bekannt; sieh nach, ob das Laufwerk da ist, oder nimm {folder} aus den Ordnern.',
  importsLarge:
    'In {folder} liegen mehr Dateien und Ordner, als durchgesehen werden. Wähle einen Ordner, in dem Bilder liegen und wenig anderes.',
  importsEmpty:
    '{folder} ist jetzt leer. Sein Bild bleibt bekannt; sieh nach, ob das Laufwerk da ist, oder nimm ihn aus den Ordnern. | {folder} ist jetzt leer. Seine {count} Bilder bleiben bekannt; sieh nach, ob das Laufwerk da ist, oder nimm ihn aus den Ordnern.',
  importUnread:
    '{file} ließ sich nicht lesen ({reason}). Sieh nach, ob die Datei gelesen werden darf; beim nächsten Durchsehen wird es wieder versucht.',
  importsUnread:
    '{file} und eine weitere Datei ließen sich nicht lesen ({reason}). Sieh nach, ob sie gelesen werden dürfen; beim nächsten Durchsehen wird es wieder versucht. | {file} und {count} weitere ließen sich nicht lesen ({reason}). Sieh nach, ob sie gelesen werden dürfen; beim nächsten Durchsehen wird es wieder versucht.',

  deviceGivenUp:
    '{device} ist zweimal gescheitert; der Auftrag läuft langsamer auf der CPU weiter. Wähle CPU als Gerät, um die Versuche zu sparen. {reason}',
  deviceTooSmall: 'Der Auftrag läuft langsamer auf der CPU weiter. {reason}',
  turboOnCard: 'Turbo ist für die CPU: Auf {device} wurde das Bild wie üblich berechnet.',
  turboOnGraphs:
    'Turbo braucht die Gewichte eines Modells: Dieses besteht aus ONNX-Graphen und wurde wie üblich berechnet.',
  otherWidening:
    'Der Speicher reicht nicht, um so zu rechnen wie bei diesem Bild: Die Gewichte bleiben in ihrer Datei. Einzelne Werte des neuen können um eine von 256 Stufen abweichen.',
  otherGuidance:
    'Bei diesem Bild wurden die beiden Vorhersagen für CFG zusammen berechnet, was hier gerade nicht möglich ist: Sie werden nacheinander berechnet. Einzelne Werte des neuen können ein wenig abweichen.',
  previewsCoarse: 'Die Vorschauen sind grob. {reason}',
  adapterLeftOut:
    'Diese Tensoren von {name} ({path}) gehören in diesem Modell zu nichts und werden ausgelassen: {tensors}.',
  halfOverflowed:
    'Der Autoencoder (VAE) des Modells ergab in halber Genauigkeit (float16) kein Bild; die Latents wurden noch einmal in float32 dekodiert. Ein Export in float32 spart diese Zeit.',
  decodedOnCpu:
    '{device} machte aus fertigen Latents kein Bild; sie wurden noch einmal auf der CPU in float32 dekodiert. Wähle CPU als Gerät, wenn das oft vorkommt.',

  farmAway:
    'Das Redis der Farm ({redis}) ist nicht erreichbar. Die Aufträge warten im Studio und gehen weiter, wenn es zurück ist.',
  pausesUnread: '{file} ist nicht lesbar; kein Worker ist mehr angehalten. Halte sie noch einmal an.',

  updateReady: 'Latent Studio {version} ist geladen und wird beim Beenden installiert.',
  updateFailed:
    'Es ließ sich keine neuere Version laden ({reason}). Es wurde nichts verändert; beim nächsten Start wird es wieder versucht.',
}
