import type { DownloadSite } from '../../../shared/models/downloads.ts'
import { saying, type Warn } from '../../../shared/notices.ts'

/** The addresses of the sites, as origins: `https://huggingface.co`. */
export type Sites = Readonly<Record<DownloadSite, string>>

/** The sites themselves; HF_ENDPOINT names a mirror of Hugging Face, as it does for huggingface_hub. */
export function publicSites(environment: NodeJS.ProcessEnv, warn: Warn): Sites {
  const { HF_ENDPOINT } = environment
  const mirror = HF_ENDPOINT && URL.canParse(HF_ENDPOINT) ? new URL(HF_ENDPOINT) : null
  const isSafe = mirror !== null && (mirror.protocol === 'https:' || isLoopback(mirror))
  if (HF_ENDPOINT && !isSafe) warn(saying('mirrorIgnored'))
  return { huggingface: isSafe ? mirror.origin : 'https://huggingface.co', civitai: 'https://civitai.com' }
}

/** Where the sites keep the files that they redirect to. Both write the buckets' names into their links. */
const storageHosts = [
  /^([a-z0-9-]+\.)*(huggingface\.co|hf\.co)$/,
  /^([a-z0-9-]+\.)*civitai\.(com|red)$/,
  /^civitai-[a-z0-9-]+\.[0-9a-f]{32}\.r2\.cloudflarestorage\.com$/,
]

/** Whether something may be asked of this address: https on a host of the sites, or this machine if a site is on it. */
export function isAllowed(url: URL, sites: Sites): boolean {
  const origins = Object.values(sites)
  if (url.username || url.password) return false
  if (isLoopback(url)) return origins.some((origin) => isLoopback(new URL(origin)))
  if (url.protocol !== 'https:') return false
  return (
    origins.includes(url.origin) || (url.port === '' && storageHosts.some((host) => host.test(url.hostname)))
  )
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
