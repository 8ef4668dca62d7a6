import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import type { FileChange, FileKind, FileScan, OwnedFile } from '../../shared/models/ownedFile.ts'
import { studio } from '../studio.ts'

/** What a file may have, and a person may look for. */
type FileMark = 'favourite' | 'problem' | 'notes'

/** What the list of files is narrowed to; null: all. */
interface Filter extends Record<FileMark, boolean> {
  text: string
  kind: FileKind | null
  /** '' stands for files of no known family. */
  family: string | null
  folder: string | null
}

const everything: Filter = {
  text: '',
  kind: null,
  family: null,
  folder: null,
  favourite: false,
  problem: false,
  notes: false,
}

/** The files of every kind in the model folders, and which of them show. */
export const useFiles = defineStore('files', () => {
  const files = shallowRef<OwnedFile[]>([])
  const loaded = ref(false)
  const scan = shallowRef<FileScan>({ phase: 'idle', done: 0, of: 0 })
  const filter = reactive<Filter>({ ...everything })
  const selectedId = ref<string | null>(null)

  const texts = computed(() => new Map(files.value.map((file) => [file.id, searchText(file)])))
  const shown = computed(() => files.value.filter((file) => fits(file, filter)))
  const selected = computed(() => files.value.find(({ id }) => id === selectedId.value) ?? null)
  const isNarrowed = computed(() => JSON.stringify(filter) !== JSON.stringify(everything))

  /** Whether a file shows; one part of the filter may be left aside, to count what its other values would show. */
  function fits(file: OwnedFile, wanted: Filter, aside?: 'kind' | 'family' | 'folder'): boolean {
    const is = (part: 'kind' | 'family' | 'folder', value: string): boolean =>
      part === aside || wanted[part] === null || wanted[part] === value
    return (
      is('kind', file.kind) &&
      is('family', file.family ?? '') &&
      is('folder', file.folder) &&
      fileMarks.every((mark) => !wanted[mark] || isMarked[mark](file)) &&
      words(wanted.text).every((word) => texts.value.get(file.id)?.includes(word))
    )
  }

  /** How many files each value of a part of the filter would show, the most first. */
  function facet(part: 'kind' | 'family' | 'folder'): [value: string, count: number][] {
    const chosen = filter[part]
    // What is chosen stays in sight, also where nothing has it any more.
    const counts = new Map<string, number>(chosen === null ? [] : [[chosen, 0]])
    for (const file of files.value) {
      if (!fits(file, filter, part)) continue
      const value = file[part] ?? ''
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    return [...counts].sort(([, one], [, other]) => other - one)
  }

  /** How many files would show with a mark. */
  const marked = (mark: FileMark): number => shown.value.filter(isMarked[mark]).length

  async function refresh(): Promise<void> {
    const [list, state] = await Promise.all([studio.files(), studio.fileScan()])
    files.value = list
    scan.value = state
    loaded.value = true
  }

  async function change(id: string, changed: FileChange): Promise<void> {
    put(await studio.changeFile(id, changed))
  }

  const put = (file: OwnedFile): void => {
    files.value = files.value.map((one) => (one.id === file.id ? file : one))
  }

  return {
    files,
    loaded,
    scan,
    filter,
    selectedId,
    shown,
    selected,
    isNarrowed,
    facet,
    marked,
    refresh,
    change,
    showAll: () => void Object.assign(filter, everything),
  }
})

export const hasProblem = ({ problem, misplaced }: OwnedFile): boolean =>
  problem !== null || misplaced !== null

const isMarked: Readonly<Record<FileMark, (file: OwnedFile) => boolean>> = {
  favourite: ({ favourite }) => favourite,
  problem: hasProblem,
  notes: ({ notes }) => notes !== '',
}
const fileMarks = Object.keys(isMarked) as FileMark[]

const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean)

const searchText = ({ name, title, below, baseModel, triggerWords, notes }: OwnedFile): string =>
  [name, title, below, baseModel, ...triggerWords, notes].join(' ').toLowerCase()
