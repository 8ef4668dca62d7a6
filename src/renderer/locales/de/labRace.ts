import type { Begun } from '../en.ts'
import type { labRace as english } from '../en/labRace.ts'

export const labRace: Begun<typeof english> = {
  title: 'Wettlauf der Sampler',
  sentence:
    'Dasselbe Rauschen unter Samplern deiner Wahl, von denen keiner das Netz öfter fragen darf als ein anderer.',
  settings: 'Der Wettlauf',
  name: '{sampler}, {schedule}',
  samplerOf: 'Sampler von Läufer {number}',
  scheduleOf: 'Schedule von Läufer {number}',
  leave: '{name} aus dem Wettlauf nehmen',
  add: 'Läufer hinzufügen',
  twice: '{name} läuft schon mit.',
  evaluations: 'Auswertungen',
  evaluationsHelp:
    'Mehr Runden: längere Linien im Diagramm, und jede Runde dauert doppelt so lang wie die davor.',
  upTo: 'Bis {count}',
  referenceRun: 'Referenz',
  referenceName: 'Referenz: {name}, {evaluations} Auswertungen',
  referenceHelp:
    'Auswertungen von DPM++ 2M über den Schedule Normal, dessen Ende als genau gilt. Weniger: früher da, und kleineren Fehlern ist nicht zu trauen.',
  go: 'Wettlauf starten',
  goOn: 'Wettlauf fortsetzen',
  stop: 'Anhalten',
  running: {
    reference: 'Die Referenz in {evaluations} Auswertungen',
    own: '{name}: {evaluations} Auswertungen',
    other: '{name}: {evaluations} Auswertungen mit anderem Rauschen',
  },
  ahead: 'Noch {count} Auswertungen.',
  interrupted: 'Vom Modell wurde etwas anderes verlangt. Noch {count} Auswertungen.',
  over: 'Alles ist gelaufen.',
  round: 'Auswertungen der gezeigten Läufe',
  at: 'Nach {at} von {of} Auswertungen',
  evaluation: 'Auswertung',
  play: 'Entwickeln lassen',
  pause: 'Pause',
  ran: '{evaluations} Auswertungen in {steps} Schritten',
  error: '{error} von der Referenz entfernt',
  develops: 'eine von {round} Auswertungen …',
  verdict: {
    open: 'eine Runde sagt noch nichts',
    converges: 'konvergiert: Ordnung {order}',
    stays: 'kommt nicht näher: Ordnung {order}',
    wanders: 'wandert: anderes Rauschen endet {spread} entfernt',
  },
  curve: 'Abstand zur Referenz',
  kind: { whole: 'Ganze Läufe', inside: 'In einem Lauf' },
  titleWhole: 'Fehler ganzer Läufe',
  titleInside: 'Fehler der Schätzung im Lauf von {round}',
  says: {
    whole:
      'Jeder Punkt ist ein ganzer Lauf mit so vielen Auswertungen und sagt, wie weit seine Latents (Streuung etwa 1) von der Referenz liegen. Das ist Konvergenz: Je steiler eine Linie fällt, desto höher die Ordnung. Eine gestrichelte Linie wandert: Ihr Bild hängt vom hinzugefügten Rauschen ab, sie wird also mit einem von vielen ebenso guten Bildern verglichen.',
    inside:
      'Die Schätzung des sauberen Bildes bei jeder Auswertung in einem Lauf, wofür kein weiterer Lauf nötig ist. Sie zeigt, wie ein Bild sich entwickelt, nicht, welcher Sampler genauer ist: Jede Schätzung endet beim Bild ihres eigenen Laufs.',
  },
  keep: '{count} als Bilder behalten',
  keepHelp:
    'Stellt von jedem Läufer das Bild dieser Runde in die Warteschlange, ein gewöhnliches Bild der Bibliothek.',
  queued: '{count} Bilder sind in der Warteschlange.',
  caption:
    '„{prompt}“, Seed {seed}: dasselbe Rauschen unter mehreren Samplern nach {at} von {of} Auswertungen, gemessen an DPM++ 2M in {reference}.',
  cannot:
    'Wähle ein anderes Bild. „Vorwärts“ und „Latenter Raum“ sehen dieses mit jedem Modell an, das Bilder lesen kann.',
  note: {
    unknown: 'Die Adresse nennt, was kein Sampler mit Schedule ist: {names}. Die anderen laufen.',
    repeated: 'Die Adresse nennt doppelt: {names}. Sie laufen einmal.',
    tooMany: 'Mehr als {most} laufen nicht: {names} blieb draußen.',
    evaluations: 'Eine letzte Runde mit {asked} Auswertungen gibt es nicht: {taken} wurden genommen.',
    reference: 'Die Referenz kann nicht {asked} Auswertungen haben: {taken} wurden genommen.',
    round: 'Eine Runde mit {asked} Auswertungen gibt es nicht (es gibt {rounds}): Die neueste ist zu sehen.',
    start: 'Dieses Bild begann mit einem anderen; der Wettlauf beginnt mit seinem Rauschen allein.',
    branch: 'Dieses Bild ist eine Abzweigung; es läuft, als wäre alles gezeichnet, wie es endet.',
    hires: 'Nur der erste Durchgang läuft mit.',
    fast: '„Schnell“ bleibt weg: Alle Vorhersagen werden gefragt.',
    turned:
      'Was dieses Bild an seinem Sampler verstellt hat (eta, churn, rho), bleibt weg: Jeder läuft, wie er gemacht ist.',
    takes:
      'Dieses Modell mischt Bild und Rauschen auf einer geraden Linie (Flow). Es nimmt {samplers}; über die Schedules {schedules}. Die anderen geben Rauschen nach Regeln hinein, denen es nicht folgt.',
  },
}
