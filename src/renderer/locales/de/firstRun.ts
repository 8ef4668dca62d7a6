import type { Begun } from '../en.ts'
import type { firstRun as english } from '../en/firstRun.ts'

export const firstRun: Begun<typeof english> = {
  help: 'Erste Schritte',
  tour: 'Rundgang',
  end: 'Rundgang beenden',
  at: '{at} von {of}',
  next: 'Weiter',
  back: 'Zurück',
  done: 'Fertig',
  stops: {
    prompt: {
      title: 'Sag, was du sehen willst',
      text: 'Einfache Worte genügen. Darunter steht, wie viele Tokens das Modell liest; {heavier} gibt einem Wort mehr Gewicht.',
    },
    settings: {
      title: 'Gib ihm Form',
      text: 'Die Einstellungen passen von Anfang an zum Modell. Zu jeder gibt es einen Satz Hilfe, und ein Punkt zeigt, was du geändert hast: Ein Klick darauf nimmt es zurück.',
    },
    generate: {
      title: 'Erzeuge es',
      text: 'Ein Klick erzeugt das Bild, weitere Klicks warten in der Schlange. Der Blitz zeichnet, während du schreibst.',
    },
    canvas: {
      title: 'Sieh zu, wie es entsteht',
      text: 'Das Bild wird Schritt für Schritt schärfer. Darunter steht, wie es weitergeht: noch einmal erzeugen, damit beginnen, vergrößern.',
    },
    pages: {
      title: 'Alles Übrige',
      text: 'Die Bibliothek behält jedes Bild mit seinen Einstellungen, Modelle zeigt, womit du malst, und das Labor, wie es funktioniert. {palette} findet alles beim Namen, {shortcuts} zeigt die Tasten.',
    },
  },
}
