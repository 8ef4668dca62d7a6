import type { Begun } from '../en.ts'
import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: Begun<typeof english> = {
  title: 'Training',
  sentence: 'Ein Netz sieht Bilder unter Rauschen und lernt zu sagen, was das Rauschen war. Das ist alles.',
  views: { pictures: 'Schritte', starters: 'Starter', learning: 'Algorithmus 1', drawing: 'Algorithmus 2' },
  says: {
    learning:
      'Wie es lernt: Nimm ein Bild, einen Schritt und Rauschen, mische sie in einem Zug, und berichtige das Netz um so viel, wie seine Schätzung des Rauschens danebenliegt.',
    drawing:
      'Wie es zeichnet: Nimm aus reinem Rauschen ein wenig von dem Rauschen, das das Netz sieht, gib weniger frisches zurück, und wieder von vorn. Beim letzten Schritt kommt keines zurück.',
  },
  caption: 'Nach {step} von {of} Schritten, alle aus demselben Rauschen.',
  checkpoint: 'Trainingsschritte',
  pixels:
    'Das sind die Bilder von „Starter, pixels“, der mit dem Studio kommt: 32 × 32 Pixel, keine Wörter, trainiert auf Szenen, die ein Programm gezeichnet hat.',
  curves: 'Wie gut es schätzt',
  loss: 'Loss',
  lossTitle: 'Loss über Schritte',
  now: 'bei diesem Schritt',
  end: 'am Ende',
  errorTitle: 'Fehler je Zeitschritt, ungesehene Szenen',
  errorHelp:
    'In viel Rauschen (rechts) ist das Rauschen leicht zu sehen und das Bild schwer zu erraten; in wenig Rauschen (links) ist es umgekehrt.',
  starterCaption: 'Starter {which} von {of}: {side} × {side} Pixel, hat {kinds} Arten von Dingen gelernt.',
  whichStarter: 'Welcher Starter',
  startersHelp:
    'Jeder Starter, den dieses Projekt trainiert hat, nach denselben neun Bildern gefragt: Seed 1, 20 Schritte DDIM, CFG 4, die heutige Engine. Es sind eigene Modelle aus eigenen Trainings und keine Checkpoints von einem; die Gewichte auf dem Weg wurden nicht behalten.',
  asked: 'Wonach sie gefragt wurden',
  askedHelp:
    'Von links nach rechts, Zeile für Zeile. Was die letzten drei nennen, einen Fuchs, einen Hut und ein Pferd, hat nur der neueste zu zeichnen gelernt. Bilder von 128 × 128 sind vergrößert gezeigt; der neueste beginnt aus größerem Rauschen, sein Seed 1 ist also ein anderer.',
  starterCurveTitle: 'Wie der neueste gelernt hat',
  starterCurve: 'Der fallende Fehler des Entrauschers des Starters über sein Training',
  starterHelp:
    'Die Starter lernen wie das Modell der Pixel, aber auf Latents und mit Bildtexten; der neueste tat es auf einer Grafikkarte, ausgehend von den Gewichten eines früheren. Von diesem Training blieb diese Zeichnung ohne ihre Zahlen: der Loss über 2.870 Schritte, auf logarithmischer Skala.',
  toy: 'Selbst ein winziges trainieren',
}
