import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ImageRecord } from '../../../shared/library/history.ts'
import { modelTitle } from '../../composables/words/modelTitle.ts'
import { useModels } from '../../stores/models.ts'

/** What a mixed run leaves out or does otherwise than the pictures it is made of, in sentences. */
export function useRunNotes(one: () => ImageRecord | null, other: () => ImageRecord | null) {
  const { t } = useI18n()
  const models = useModels()
  const model = computed(() => models.byId(one()?.request.model ?? ''))
  const readsText = computed(() => model.value?.info?.hasTextEncoder !== false)
  const notes = computed(() => {
    const [first, second] = [one(), other()]
    if (!first) return []
    const { hires, upscale, branch } = first.request
    const said: string[] = []
    if (hires || upscale) said.push(t('lab.latent.firstPass'))
    if (branch) said.push(t('lab.latent.branch'))
    if (!second) return said
    if (second.request.model !== first.request.model)
      said.push(
        t('lab.latent.otherModel', {
          model: model.value ? modelTitle(model.value) : first.model.name,
          other: second.model.name,
        }),
      )
    if (second.width !== first.width || second.height !== first.height)
      said.push(t('lab.latent.otherSize', { size: `${first.width} × ${first.height}` }))
    if (second.request.files.some(({ kind }) => kind === 'lora' || kind === 'embedding'))
      said.push(t('lab.latent.notWorn'))
    return said
  })
  return { notes, readsText }
}
