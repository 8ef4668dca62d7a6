import type { ErrorCode } from '../../../shared/errors.ts'

export const errorHere: Record<ErrorCode, string> = {
  'bad-request': 'Ein Wert lässt sich so nicht verwenden: Ändere ihn, wie es unten steht.',
  'bad-init-image': 'Dieses Bild lässt sich nicht verwenden: Wähle ein anderes als PNG, JPEG oder WebP.',
  'bad-list':
    'Diese Liste lässt sich nicht aufnehmen: Nimm Tags oder Stile als .csv oder eine Wildcard als .txt, höchstens 32 MiB groß.',
  'bad-metadata': 'Die Angaben im Bild, wie es entstand, lassen sich nicht lesen.',
  'bad-checkpoint': 'Diese Modelldatei ist beschädigt oder unvollständig.',
  'pickle-refused':
    'Solche Dateien können Programme enthalten und werden nicht geöffnet: Nimm die Fassung als .safetensors.',
  'not-a-checkpoint': 'Diese Datei ist kein Modell, das zeichnet.',
  'does-not-fit': 'Die gewählte Datei passt nicht zu diesem Modell oder liegt nicht mehr dort.',
  'misplaced-file': 'Diese Datei liegt im Ordner für andere Dateien: Verschiebe sie in den richtigen.',
  'missing-part': 'Diesem Modell fehlt ein Teil.',
  'missing-weight':
    'Der Datei des Modells fehlen Daten: Lade sie noch einmal, oder wähle ein anderes Modell.',
  'mis-shaped-weight':
    'Die Datei des Modells passt nicht zu seinem Aufbau: Lade sie noch einmal, oder wähle ein anderes Modell.',
  'unsupported-model': 'Diese Version kann dieses Modell oder diese Einstellung nicht ausführen.',
  'not-found': 'Das Gesuchte ist nicht mehr hier: Leg es zurück, oder wähle etwas anderes.',
  'bad-image':
    'Das Ergebnis ist kein Bild und wurde nicht gespeichert: Versuch es mit anderem Seed, anderen Einstellungen oder anderem Gerät.',
  'device-unavailable': 'Das gewählte Gerät gibt es auf diesem Rechner nicht.',
  'out-of-memory':
    'Der Speicher reicht nicht: Mach das Bild kleiner, schließ andere Programme oder nimm ein kleineres Modell.',
  'card-too-small':
    'Der Speicher der Grafikkarte reicht nicht: Mach das Bild kleiner, oder wähle CPU in den Einstellungen.',
  'engine-crashed': 'Die Engine endete mitten in der Arbeit.',
  interrupted: 'Das Studio wurde geschlossen, bevor dieses Bild fertig war.',
  cancelled: 'Abgebrochen.',
  'disk-full': 'Die Platte ist voll: Schaff Platz und versuch es noch einmal.',
  'read-only': 'Hier lässt sich nichts schreiben: Sieh nach den Rechten des Ordners.',
  'database-locked':
    'Ein anderes Programm hält die Datenbank des Verlaufs: Schließ es und versuch es noch einmal.',
  'corrupt-database': 'Die Datenbank des Verlaufs ist beschädigt.',
  unreachable: 'Die Seite antwortet nicht: Sieh nach dem Netz und versuch es noch einmal.',
  'login-needed': 'Dafür muss man sich dort anmelden oder die Bedingungen annehmen.',
  'bad-download':
    'Was geladen wurde, ist nicht das Versprochene, und wurde gelöscht: Versuch es später noch einmal.',
  forbidden: 'Das ist hier nicht erlaubt.',
  disconnected: 'Die Verbindung zum Studio ist abgebrochen.',
  internal: 'Im Studio selbst ging etwas schief.',
}
