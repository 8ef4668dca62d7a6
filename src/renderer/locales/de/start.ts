import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: 'Bild ablegen, einfügen oder wählen',
  release: 'Loslassen, um damit zu beginnen',
  reading: 'Bild wird gelesen …',
  alt: 'Das Ausgangsbild',
  size: '{width} × {height}',
  takeShape: 'In seiner Form malen: {width} × {height}',
  found: 'In der Datei steht, wie es gemacht wurde ({source}).',
  useFound: 'Übernehmen',
  useFoundHelp: 'Füllt die Regler mit den Einstellungen aus der Datei und entfernt das Ausgangsbild.',
  noise: '{share} Rauschen',
  noiseHelp:
    'Wie viel von dem, womit begonnen wird, Rauschen ist (nach seiner Varianz); der Rest ist das Bild.',
  noised: 'Das Ausgangsbild mit {share} Rauschen, wie das Modell es sieht',
  seeNoise: 'Rauschen ansehen',
  seeNoiseHelp:
    'Zeigt das Bild mit so viel Rauschen, wie bei dieser Stärke am Anfang steht, wie das Modell es sieht.',
  looking: 'Das Modell sieht sich das Bild an …',
  change: {
    crop: '{share} fallen weg',
    fit: '{share} kommen hinzu: seine Ränder, verlängert',
    stretch: 'Um {share} gestreckt',
  },
  seeFitting: 'Auf der Leinwand ansehen',
  seeFittingHelp:
    'Zeigt auf der Leinwand, wie das Bild bei dieser Größe verwendet wird, während du eines davon änderst.',
  fitted: 'Das Ausgangsbild, wie es verwendet wird, mit {width} × {height}: {change}',
  backFromFitting: 'Zurück zum letzten Bild',
}
