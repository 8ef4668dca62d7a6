import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  isWord,
  overallUnevenness,
  placedWords,
  type PlacedWord,
  type SeenAttention,
} from '../maths/attentionMaps.ts'

/** The words of the prompt that is looked at, and the one that a person chose, or a piece of it. */
export function useChosenWord({
  seen,
  text,
  settings,
}: {
  seen: Ref<SeenAttention | null>
  text: Ref<number>
  /** See the page's experiment. */
  settings: { token: number; piece: boolean }
}) {
  const { t } = useI18n()
  const words = computed(() => (seen.value ? placedWords(seen.value.texts[text.value]) : []))
  const named = ({ kind, text: said, chunk }: PlacedWord): string => {
    if (kind === 'word') return said
    const name = t(`lab.attention.${kind}`)
    return seen.value!.texts[text.value].chunks.length > 1
      ? t('lab.attention.ofChunk', { name, chunk: chunk + 1 })
      : name
  }

  /** The word that placed most, to begin with. */
  const mostUneven = computed(() => {
    const by = ({ from, tokens: { length } }: PlacedWord): number =>
      overallUnevenness(seen.value!, { text: text.value, from, count: length })
    const ranked = words.value.filter(isWord).map((word) => ({ word, by: by(word) }))
    return ranked.toSorted((a, b) => b.by - a.by)[0]?.word ?? null
  })
  const chosen = computed(() => {
    const found = words.value.find(
      ({ from, tokens }) => settings.token >= from && settings.token < from + tokens.length,
    )
    return found ?? mostUneven.value ?? words.value[0] ?? null
  })
  /** Which of its pieces alone; null: all of it. */
  const piece = computed({
    get() {
      const at = settings.token - (chosen.value?.from ?? 0)
      return settings.piece && at >= 0 && at < (chosen.value?.tokens.length ?? 0) ? at : null
    },
    set(at) {
      settings.token = (chosen.value?.from ?? 0) + (at ?? 0)
      settings.piece = at !== null
    },
  })
  const tokens = computed(() => {
    const word = chosen.value
    if (!word) return { from: 0, count: 1, name: '' }
    return piece.value === null
      ? { from: word.from, count: word.tokens.length, name: named(word) }
      : { from: word.from + piece.value, count: 1, name: word.tokens[piece.value] }
  })
  function choose({ from }: PlacedWord): void {
    settings.token = from
    settings.piece = false
  }

  return { words, chosen, piece, tokens, named, choose }
}
