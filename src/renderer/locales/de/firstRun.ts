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
  newsLine: 'Latent Studio hat Neues gelernt.',
  newsShow: 'Was neu ist',
  newsTitle: 'Was neu ist',
  news: {
    grids: {
      title: 'Raster',
      text: 'Dasselbe Bild über bis zu drei Parameter, nebeneinander: der Abschnitt „Raster“ unter Erstellen.',
    },
    prompt: {
      title: 'Prompts, die zeigen, was das Modell liest',
      text: 'Tokens, Abschnitte und Gewichte in Farbe, Vorschläge beim Tippen und eine Sammlung deiner Prompts.',
    },
    mask: {
      title: 'Einen Teil übermalen',
      text: 'Pinsel, Lasso und weiche Kanten über einem Ausgangsbild; zieh an seinen Rändern, um darüber hinauszugehen.',
    },
    library: {
      title: 'Eine Bibliothek, die findet',
      text: 'Sterne, Schlagwörter, Alben und Suchen wie „steps>30“; vergleiche Bilder und sieh, was sich unterscheidet.',
    },
    pause: {
      title: 'Mitten im Bild anhalten',
      text: 'Und später weitermachen, auch nach einem Neustart, mit denselben Pixeln.',
    },
    languages: {
      title: 'Mehr Sprachen',
      text: 'Sieben weitere, die noch niemand geprüft hat, der mit ihnen aufgewachsen ist: Wähl deine in den Einstellungen.',
    },
  },
}
