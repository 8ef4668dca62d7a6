import { computed } from 'vue'
import { isOfFamily } from '../../../shared/models/families.ts'
import { loraTags, readsTags } from '../../../shared/prompt/loraTags.ts'
import type { OwnedFile } from '../../../shared/models/ownedFile.ts'
import type { Adapter, UsedFile } from '../../../shared/request/adapters.ts'
import { sameFileName, usedFile } from '../../../shared/request/usedFiles.ts'
import { useFiles } from '../../stores/files.ts'
import { useForm } from '../../stores/form.ts'

/** The LoRAs and the VAE of the next picture, and the files there are for them. */
export function useAdapters() {
  const form = useForm()
  const files = useFiles()

  const ofKind = (kind: UsedFile['kind']): OwnedFile[] => files.files.filter((file) => file.kind === kind)
  const loras = computed(() => ofKind('lora').filter(({ problem }) => problem === null))
  const vaes = computed(() => ofKind('vae').filter(({ problem }) => problem === null))
  /** Those that tags in the prompt name. */
  const tags = computed(() => (readsTags(form.request.seedConvention) ? loraTags(form.request.prompt) : []))

  /** The file that a name in the request stands for: by the hash that is known of it, else by its name. */
  function fileOf(name: string): OwnedFile | null {
    const hash = usedFile(form.request.files, 'lora', name)?.hash
    const same = hash && loras.value.find((file) => hashesOf(file).some((known) => known.startsWith(hash)))
    if (same) return same
    return loras.value.find((file) => namesOf(file).some((known) => sameFileName(known, name))) ?? null
  }

  const fits = (file: OwnedFile): boolean => isOfFamily(file, form.model?.info?.family ?? null)

  /** A name that no other file has. */
  function nameFor(file: OwnedFile): string {
    const isAlone = loras.value.filter(({ name }) => sameFileName(name, file.name)).length === 1
    return isAlone ? file.name : file.below.replace(/\.safetensors$/i, '')
  }

  function set(adapters: readonly Adapter[]): void {
    form.request = { ...form.request, adapters: [...adapters] }
  }

  return {
    loras,
    vaes,
    tags,
    fileOf,
    fits,
    add: (file: OwnedFile) =>
      set([...form.request.adapters, { name: nameFor(file), unet: 1, text: 1, blocks: null }]),
    change: (index: number, change: Partial<Adapter>) =>
      set(form.request.adapters.map((adapter, at) => (at === index ? { ...adapter, ...change } : adapter))),
    remove: (index: number) => set(form.request.adapters.filter((_, at) => at !== index)),
    hasWord: (word: string) => form.request.prompt.toLowerCase().includes(word.toLowerCase()),
    /** Puts a trigger word behind the prompt. */
    insert(word: string): void {
      const { prompt } = form.request
      const joint = prompt.trim() === '' ? '' : /,\s*$/.test(prompt) ? ' ' : ', '
      form.request = { ...form.request, prompt: `${prompt.trimEnd()}${joint}${word}` }
    },
  }
}

const namesOf = ({ name, title, below }: OwnedFile): string[] => [
  name,
  ...(title === null ? [] : [title]),
  below.replace(/\.safetensors$/i, ''),
]

const hashesOf = ({ hash, headerlessHash }: OwnedFile): string[] =>
  [hash, headerlessHash].filter((known) => known !== null)
