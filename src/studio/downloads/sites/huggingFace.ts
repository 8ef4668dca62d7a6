import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import { saying, told } from '../../../shared/notices.ts'
import { chooseFiles, namedFile } from './engineFiles.ts'
import type { Link } from './link.ts'
import type { Offer, WantedFile } from './offer.ts'
import { siteNames } from '../fetch/refusals.ts'
import { askText, type Network } from '../fetch/request.ts'
import { safeName, safePath } from './safeNames.ts'

/** `/api/models/ID/revision/REVISION?blobs=true` of the Hub: sizes and hashes of all files at one commit. */
const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  gated: z.union([z.boolean(), z.string()]).default(false),
  private: z.boolean().default(false),
  cardData: z.object({ license: z.unknown(), license_name: z.unknown() }).partial().nullish().catch(null),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().min(0).nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string(), size: z.number().int().min(0) }).nullish(),
    }),
  ),
})

type Info = z.infer<typeof infoSchema>
type HuggingFaceLink = Extract<Link, { site: 'huggingface' }>

/** What is behind a link to Hugging Face, at the commit that its revision is now. */
export async function offerOfHuggingFace(
  link: HuggingFaceLink,
  network: Network,
  signal: AbortSignal,
): Promise<Offer> {
  const { repository, revision, path } = link
  const origin = network.sites.huggingface
  const text = (url: string): Promise<string> => askText(network, { site: 'huggingface', url, signal })
  const info = await text(
    `${origin}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`,
  )
  const { sha, siblings, ...about } = readInfo(info)
  const fileUrl = (path: string): string => `${origin}/${repository}/resolve/${sha}/${encoded(path)}`
  const all = siblings.map((file) => wantedFile(file, fileUrl(file.rfilename)))
  const below = link.isFile || path === '' ? all : inFolder(all, path)
  const hasIndex = !link.isFile && below.some((file) => file.path === 'model_index.json')
  const index = hasIndex
    ? readIndex(await text(fileUrl(path === '' ? 'model_index.json' : `${path}/model_index.json`)))
    : null
  const choice = link.isFile
    ? { kind: 'file' as const, file: namedFile(below, path) }
    : chooseFiles(below, index)
  const files = choice.kind === 'folder' ? choice.files : choice.kind === 'file' ? [choice.file] : []
  const page = (kind: 'tree' | 'blob', path: string): string =>
    `https://huggingface.co/${repository}/${kind}/${sha}${path === '' ? '' : `/${encoded(path)}`}`
  const inRepository = (file: WantedFile): string =>
    link.isFile || path === '' ? file.path : `${path}/${file.path}`
  const [, model] = repository.split('/')
  return {
    site: 'huggingface',
    title:
      choice.kind === 'file' && says(choice.file.path) ? `${model} · ${baseName(choice.file.path)}` : model,
    page: `https://huggingface.co/${repository}`,
    link: choice.kind === 'file' ? page('blob', inRepository(choice.file)) : page('tree', path),
    revision: sha,
    licence: licenceOf(about),
    isGated: about.gated !== false || about.private,
    name:
      choice.kind === 'file' ? fileName(choice.file.path, model) : safeName(path.split('/').at(-1) || model),
    isFolder: choice.kind === 'folder',
    files: files.map((file) => (choice.kind === 'file' ? file : { ...file, path: safePath(file.path) })),
    leftOut: leftOut(below, files),
    choices:
      choice.kind === 'open'
        ? choice.files.map((file) => ({
            name: file.path,
            size: file.size,
            link: page('blob', inRepository(file)),
          }))
        : [],
    civitaiInfo: null,
  }
}

function readInfo(text: string): Info {
  const info = infoSchema.safeParse(parse(text))
  if (info.success) return info.data
  throw new StudioError('unreachable', told(saying('siteUnread', { site: siteNames.huggingface })))
}

function readIndex(text: string): Record<string, unknown> {
  const index = z.record(z.string(), z.unknown()).safeParse(parse(text))
  if (index.success) return index.data
  throw new StudioError('bad-checkpoint', told(saying('linkIndexUnread')))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** Large files go by their sha256, those that lie in git itself by git's name of them. */
function wantedFile({ rfilename, size, blobId, lfs }: Info['siblings'][number], url: string): WantedFile {
  return {
    path: rfilename,
    url,
    size: lfs?.size ?? size ?? 0,
    slack: 0,
    digest: lfs
      ? { algorithm: 'sha256', hex: lfs.sha256.toLowerCase() }
      : { algorithm: 'gitBlob', hex: (blobId ?? '').toLowerCase() },
  }
}

const inFolder = (files: readonly WantedFile[], folder: string): WantedFile[] =>
  files
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .map((file) => ({ ...file, path: file.path.slice(folder.length + 1) }))

const baseName = (path: string): string => path.split('/').at(-1)!

/** Whether the name of a file tells what it is: some stand in every repository. */
const says = (path: string): boolean =>
  !/^(model|pytorch_lora_weights|diffusion_pytorch_model|pytorch_model|adapter_model)(\.(fp16|bf16))?\.safetensors$/i.test(
    baseName(path),
  )

const fileName = (path: string, model: string): string =>
  safeName(says(path) ? baseName(path) : `${model}.safetensors`)

function licenceOf({ cardData }: Pick<Info, 'cardData'>): string | null {
  const { license, license_name: own } = cardData ?? {}
  const words = [license].flat().filter((word): word is string => typeof word === 'string')
  return typeof own === 'string' && words.includes('other') ? own : words.join(', ') || null
}

const leftOut = (all: readonly WantedFile[], files: readonly WantedFile[]): Offer['leftOut'] => ({
  count: all.length - files.length,
  bytes: all.reduce((sum, { size }) => sum + size, 0) - files.reduce((sum, { size }) => sum + size, 0),
})
