import { computed, type ComputedRef } from 'vue'
import type { ShortcutName } from '../../keys/shortcuts.ts'
import { useActionCommands } from './actionCommands.ts'
import { fuzzyScore } from './fuzzy.ts'
import { usePageCommands } from './pageCommands.ts'
import { useSettingCommands } from './settingCommands.ts'
import { useWorkCommands } from './workCommands.ts'

export const groups = ['actions', 'pages', 'models', 'presets', 'settings', 'prompts'] as const
export type Group = (typeof groups)[number]

/** Something that can be done by its name. */
export interface Command {
  id: string
  group: Group
  title: string
  /** More words that find it. */
  also?: string
  shortcut?: ShortcutName
  /** Whether it is so already. */
  isCurrent?: boolean
  run(): unknown
}

/** How many of a group show: while nothing is typed, and of what was found. */
const shownAtFirst = 6
const shownOfFound = 12

/** What can be done now, by group; where something is typed what fits it, the best group and the best in it first. */
export function useCommands(typed: () => string): ComputedRef<{ group: Group; commands: Command[] }[]> {
  const sources = [useActionCommands(), usePageCommands(), useSettingCommands(), useWorkCommands()]
  const all = computed(() => sources.flatMap((source) => source.value))

  return computed(() => {
    const words = typed().trim()
    if (words === '') {
      return byGroup(all.value, (commands) => commands.slice(0, shownAtFirst))
    }
    const found = all.value.flatMap((command) => {
      const score = fuzzyScore(words, `${command.title} ${command.also ?? ''}`)
      return score === null ? [] : [{ command, score }]
    })
    const ordered = found.toSorted((one, other) => other.score - one.score).map(({ command }) => command)
    const best = [...new Set(ordered.map(({ group }) => group))]
    return byGroup(ordered, (commands) => commands.slice(0, shownOfFound), best)
  })
}

function byGroup(
  commands: readonly Command[],
  cut: (commands: Command[]) => Command[],
  order: readonly Group[] = groups,
): { group: Group; commands: Command[] }[] {
  return order
    .map((group) => ({ group, commands: cut(commands.filter((command) => command.group === group)) }))
    .filter(({ commands }) => commands.length > 0)
}
