import { useI18n } from 'vue-i18n'
import type { OwnedFile } from '../../../shared/models/ownedFile.ts'
import { useForm } from '../../stores/form.ts'
import { useToasts } from '../../stores/toasts.ts'

/** Puts a file's words into the prompt of the next picture. */
export function useIntoPrompt() {
  const { t } = useI18n()
  const form = useForm()
  const toasts = useToasts()

  function addText(text: string): void {
    const { prompt } = form.request
    const before = form.request
    form.request = {
      ...before,
      prompt: prompt.trim() === '' ? text : `${prompt.trimEnd().replace(/,$/, '')}, ${text}`,
    }
    const action = { label: t('action.undo'), run: () => void (form.request = { ...form.request, prompt }) }
    toasts.show({ message: t('models.addedToPrompt'), action })
  }

  /** A LoRA as AUTOMATIC1111 writes it, with its trigger words behind; an embedding by its name. */
  function addFile({ kind, name, triggerWords }: OwnedFile, strength: number | null): void {
    const words = triggerWords.slice(0, 1)
    addText(kind === 'lora' ? [`<lora:${name}:${strength ?? 1}>`, ...words].join(' ') : name)
  }

  return { addText, addFile }
}
