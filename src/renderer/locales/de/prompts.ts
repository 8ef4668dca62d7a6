import type { Begun } from '../en.ts'
import type { prompts as english } from '../en/prompts.ts'

export const prompts: Begun<typeof english> = {
  forever: {
    label: 'Ohne Ende',
    help: 'Ohne Ende: ein Bild nach dem anderen, jedes mit neuem Seed, bis du eines abbrichst.',
  },
  suggest: {
    label: 'Vorschläge',
    count: 'keine Vorschläge | 1 Vorschlag | {count} Vorschläge',
    kind: {
      prompt: 'dein Prompt',
      embedding: 'Embedding',
      lora: 'LoRA',
      wildcard: 'Wildcard',
      style: 'Stil',
      tag: 'Tag',
    },
  },
  prompts: {
    open: 'Prompts',
    help: 'Prompts: die du unter einem Namen behalten hast, und die deiner Bilder.',
    search: 'Deine Prompts durchsuchen',
    saved: 'Behalten',
    past: 'Aus deinen Bildern',
    none: 'Noch kein Prompt enthält diese Wörter.',
    name: 'Name dieses Prompts',
    saveHelp: 'Behält beide Prompts, wie sie jetzt sind, unter einem Namen.',
    replaced: '{name} enthält jetzt diesen Prompt.',
  },
  lists: {
    add: 'Liste hinzufügen…',
    help: 'Liste hinzufügen: Tags zum Vorschlagen oder Stile (.csv) oder die Möglichkeiten einer Wildcard (.txt). Dateien lassen sich auch auf das Fenster ziehen.',
    known: '{name} ist schon da.',
    taken: {
      tags: 'Beim Schreiben wird 1 Tag aus {name} vorgeschlagen | Beim Schreiben werden {count} Tags aus {name} vorgeschlagen',
      wildcard:
        '__{name}__ steht jetzt für 1 Möglichkeit | __{name}__ steht jetzt für eine von {count} Möglichkeiten',
      styles: '1 Stil kann jetzt gewählt werden | {count} Stile können jetzt gewählt werden',
    },
  },
  presets: {
    label: 'Vorlagen',
    help: 'Vorlagen: alle Einstellungen unter einem Namen, mit einem Klick zurück.',
    none: 'Noch nichts behalten: Gib den jetzigen Einstellungen einen Namen.',
    name: 'Name dieser Einstellungen',
    saveHelp: 'Behält alle Einstellungen, wie sie sind. Ohne Prompt lässt das Anwenden deinen stehen.',
    kept: '{name} ist behalten.',
    applied: 'Die Regler stehen wie in {name}.',
    update: 'Jetzige Einstellungen als {name} behalten',
    updated: '{name} hat jetzt die aktuellen Einstellungen.',
  },
  kept: { save: 'Behalten', forget: '{name} vergessen', forgotten: '{name} ist vergessen.' },
  settingsUndo: { undo: 'Letzte Änderung zurücknehmen ({keys})', redo: 'Wiederholen ({keys})' },
  noise: { levels: '{steps} Schritte, Rauschen von {from} bis {to}.' },
}
