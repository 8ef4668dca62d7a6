import type { Begun } from '../en.ts'
import type { inside as english } from '../en/labInside.ts'

export const inside: Begun<typeof english> = {
  look: {
    opening: 'Netz wird geöffnet …',
    step: 'Das Bild läuft noch einmal: Schritt {step} von {steps} …',
    stop: 'Anhalten',
    stopped: 'Angehalten.',
    again: 'Noch einmal ansehen',
  },
  attention: {
    title: 'Attention',
    sentence:
      'Das Bild schaut beim Entstehen auf die Wörter; hell ist, wo am meisten auf ein Wort geschaut wurde.',
    words: 'Wörter des Prompts',
    start: 'Anfang',
    end: 'Ende und Füllung',
    ofChunk: '{name} von Teil {chunk}',
    flatWord: '{word} (überall gleich angeschaut)',
    caption: '„{word}“: {share} der Attention, {where}.',
    overAll: 'im Mittel über {steps} Schritte',
    atStep: 'bei Schritt {step} von {steps}',
    step: 'Schritt',
    all: 'Mittel über alle Schritte',
    settings: 'Was gezeigt wird',
    size: 'Größe der Karten',
    allSizes: 'Alle, im Mittel',
    prompt: 'Prompt',
    ofSteps: '{said} ({read} von {steps} Schritten)',
    empty: '(nichts)',
    twoEncoders:
      'Dieses Modell hat zwei Textencoder. Beide lesen dieselben Wörter an denselben Stellen, nebeneinander in einem Vektor; eine Karte ist also von beiden.',
    secondText:
      'Die Wörter hier sind die des ersten Textencoders. Dem zweiten wurde etwas anderes gesagt: „{prompt}“. Seine Wörter liegen an denselben Stellen; eine Karte ist also von beiden.',
    pieces: 'Stücke von „{word}“',
    how: 'Q sind die Pixel des inneren Bildes, K die Tokens; gemittelt wird über Köpfe H und Schichten L einer Größe. An jedem Pixel ergeben die Anteile aller Tokens zusammen 1.',
    flat: 'Flache Karten, überall gleich angeschaut: {words}. So ein Wort hat nichts platziert; das Ganze kann es trotzdem gefärbt haben.',
    noneFlat: 'Auf jedes Wort wurde mancherorts mehr geschaut als anderswo.',
    reduced: 'Karten feiner als {size} wurden weggelassen: Sie hätten nicht in den Speicher gepasst.',
    forecast:
      'Diese Vorhersage wurde vorausgesagt („Schnell“) und hat nichts gelesen: Die Karten sind die des Schritts davor.',
    curve: 'Anteil an der Attention je Schritt',
    allWords: 'Dasselbe für alle Wörter',
    limits:
      'Karten sagen, wohin geschaut wurde, nicht, was es bewirkt hat. Auf den Anfang eines Prompts wird immer viel geschaut: Dort ruht Attention, die kein Wort braucht.',
  },
  unet: {
    title: 'Das U-Net',
    sentence:
      'Das Netz, das zeichnet, bei der Arbeit: links hinab, rechts hinauf, und was hinübergereicht wird.',
    drawn: 'Das U-Net, gezeichnet',
    block: '{name}: {channels} Kanäle von {size}, {parameters} Parameter{text} {time}',
    readsText: ', hier kommt der Text hinein,',
    text: 'Text',
    ms: '{ms} ms',
    skip: 'Skip-Verbindung {number}: {channels} Kanäle von {size}',
    without: 'wie es ist',
    with: 'verstellt',
    nothing:
      'Nichts ist verstellt. Klick auf eine Linie, um diese Skip-Verbindung zu trennen, auf einen Block, um hineinzusehen.',
    otherModel:
      'Die ersten {at} Vorhersagen hat ein anderes Modell gezeichnet ({model}): Sie bleiben, wie sie waren, und Schritte zählen von da an.',
    cut: 'Getrennt: Skip-Verbindung {skips}.',
    freeU: 'FreeU',
    freeUOn: 'FreeU (Si et al. 2023)',
    freeUHelp:
      'Verstärkt die Hälfte dessen, was von unten kommt, und schwächt die tiefsten Frequenzen dessen, was hinübergereicht wird: klarere Formen, manchmal flachere Texturen.',
    freeUAt: 'FreeU mit b {b} und s {s}.',
    b: 'b {values}',
    s: 's {values}',
    bLabel: 'b: was von unten kommt',
    sLabel: 's: tiefe Frequenzen dessen, was hinübergereicht wird',
    activations: 'In {block}',
    noActivations: 'Klick auf einen Block, um zu sehen, was er vom Bild sagt.',
    atStep: 'Schritt {step} von {steps}, σ {sigma}',
    step: 'Schritt des Blocks',
    blocks: 'Blöcke des U-Nets',
    total: '{parameters} Parameter; {ms} ms für eine Auswertung.',
    totalUnmeasured: '{parameters} Parameter; Zeiten werden nur auf der CPU gemessen.',
    how: 'Die Zeiten sind die aus dem Profil von ONNX Runtime, im Mittel von zwei Auswertungen; was zwischen zwei Blöcken liegt, zählt zum ersten. Je kräftiger ein Block gefüllt ist, desto länger braucht er. Regler: 0 ändert nichts, 1 ist, was die Autoren für SD 1.5, 2.1 und SDXL angeben. Jedes Mal derselbe Seed.',
    fromFile:
      'Dieses Netz ist so groß, dass seine Gewichte hier in ihrer Datei bleiben: Die Zeiten enthalten das Lesen.',
    column: {
      block: 'Block',
      channels: 'Kanäle',
      height: 'Höhe',
      width: 'Breite',
      parameters: 'Parameter',
      ms: 'ms',
    },
  },
}
