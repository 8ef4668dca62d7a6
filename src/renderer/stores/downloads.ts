import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Download, DownloadPlan, DownloadSite, DownloadTokens } from '../../shared/models/downloads.ts'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import { studio } from '../studio.ts'

/** What is being fetched, and the link that a person looks at before they fetch it. */
export const useDownloads = defineStore('downloads', () => {
  const downloads = shallowRef<Download[]>([])
  const tokens = shallowRef<DownloadTokens | null>(null)

  const link = ref('')
  /** Where to; null is the studio's own folder. */
  const folder = ref<string | null>(null)
  const plan = shallowRef<DownloadPlan | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const isLooking = ref(false)
  let looks = 0

  async function refresh(): Promise<void> {
    ;[downloads.value, tokens.value] = await Promise.all([studio.downloads(), studio.downloadTokens()])
  }

  function put(download: Download): void {
    const isKnown = downloads.value.some(({ id }) => id === download.id)
    downloads.value = isKnown
      ? downloads.value.map((known) => (known.id === download.id ? download : known))
      : [...downloads.value, download]
  }

  function drop(id: string): void {
    downloads.value = downloads.value.filter((download) => download.id !== id)
  }

  /** Asks what is behind a link; the answer to a link that was replaced meanwhile is not shown. */
  async function look(wanted: string): Promise<void> {
    const mine = ++looks
    link.value = wanted
    plan.value = null
    problem.value = null
    if (wanted.trim() === '') return
    isLooking.value = true
    try {
      const found = await studio.planDownload({ link: wanted, folder: folder.value })
      if (mine === looks) plan.value = found
    } catch (error) {
      if (mine === looks) problem.value = toErrorRecord(error)
    }
    if (mine === looks) isLooking.value = false
  }

  async function start(): Promise<void> {
    if (!plan.value) return
    put(await studio.startDownload({ link: plan.value.link, folder: folder.value }))
    close()
  }

  function close(): void {
    looks++
    isLooking.value = false
    link.value = ''
    plan.value = null
    problem.value = null
  }

  /** With a token at hand, the link that was looked at may say more. */
  async function giveToken(site: DownloadSite, token: string | null): Promise<void> {
    tokens.value = await studio.setDownloadToken({ site, token })
    if (token !== null && link.value !== '') await look(link.value)
  }

  return {
    ...{ downloads, tokens, link, folder, plan, problem, isLooking },
    ...{ refresh, put, drop, look, start, close, giveToken },
  }
})
