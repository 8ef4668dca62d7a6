import type { Words } from './en.ts'

export const de: Words = {
  ready: (count) => (count === 1 ? 'Das Bild ist fertig' : `${count} Bilder sind fertig`),
  failed: 'Ein Bild konnte nicht erzeugt werden',
  quitWhile: 'Gerade entsteht ein Bild. Trotzdem beenden?',
  closeWhile: 'Gerade entsteht ein Bild. Was soll damit geschehen?',
  quitDetail:
    'Fertige Bilder bleiben. Was nicht fertig ist, geht weiter, wenn du Latent Studio wieder öffnest.',
  closeDetail:
    'Ohne Fenster geht es weiter, bis alles in der Warteschlange erzeugt ist; wenn du Latent Studio wieder öffnest, kommt das Fenster zurück. Was beim Beenden nicht fertig ist, geht beim nächsten Mal weiter.',
  keepWorking: 'Weiterarbeiten',
  goOnWithoutWindow: 'Ohne Fenster weiter',
  quit: 'Beenden',
  cancel: 'Abbrechen',
  update: {
    isThere: (version) => `Latent Studio ${version} ist da. Herunterladen?`,
    detail: 'Es wird beim Beenden installiert. Deine Bilder, Modelle und Einstellungen bleiben.',
    fetchIt: 'Herunterladen',
    notNow: 'Jetzt nicht',
  },
  menu: {
    file: 'Datei',
    newWindow: 'Neues Fenster',
    openDataFolder: 'Datenordner öffnen',
    edit: 'Bearbeiten',
    view: 'Ansicht',
    help: 'Hilfe',
    licences: 'Lizenzen Dritter',
  },
  roles: {
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    pasteAndMatchStyle: 'Einsetzen und Stil anpassen',
    delete: 'Löschen',
    selectAll: 'Alles auswählen',
    close: 'Fenster schließen',
    reload: 'Neu laden',
    resetZoom: 'Originalgröße',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    togglefullscreen: 'Vollbild ein/aus',
    about: 'Über Latent Studio',
    services: 'Dienste',
    hide: 'Latent Studio ausblenden',
    hideOthers: 'Andere ausblenden',
    unhide: 'Alle einblenden',
    quit: 'Beenden',
  },
  failure: {
    couldNotOpen: 'Latent Studio ließ sich nicht öffnen',
    wentWrong: 'In Latent Studio ist etwas schiefgegangen',
    goesOn: (logFile) =>
      `Es geht weiter. Wenn etwas nicht funktioniert, beende das Programm und öffne es wieder. Näheres steht in ${logFile}.`,
    pageGone: 'Das Fenster von Latent Studio lässt sich nicht zeigen',
    pageGoneDetail: (times, reason) =>
      `Seine Seite ist ${times}-mal hintereinander abgestürzt (${reason}). Bilder entstehen weiter. Schließ andere Programme, wenn der Speicher knapp ist, und wähle dann Ansicht → Neu laden.`,
  },
  opening: {
    broughtUp: 'Der Verlauf wird auf diese Version gebracht: {done} von {count} Bildern.',
    picturesSorted: 'Die Bilder werden für die Suche geordnet: {done} von {count}.',
    promptsSorted: 'Die Prompts werden für die Suche geordnet: {done} von {count}.',
    overwritten: 'Der Verlauf ist auf dem neuesten Stand; Gelöschtes wird überschrieben.',
    waits:
      'Ein anderes Latent Studio öffnet gerade {folder} (es aktualisiert den Verlauf oder baut ihn neu auf); danach geht es hier weiter.',
  },
}
