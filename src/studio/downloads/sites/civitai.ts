import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import { saying, told } from '../../../shared/notices.ts'
import { pickle } from './engineFiles.ts'
import type { FileChoice, Link } from './link.ts'
import type { Offer } from './offer.ts'
import { siteNames } from '../fetch/refusals.ts'
import { askText, type Network } from '../fetch/request.ts'
import { safeName } from './safeNames.ts'

/** The fields used of `/api/v1/model-versions/ID`; what Civitai does not know it leaves out or writes as null. */
const fileSchema = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string().nullish(),
  sizeKB: z.number(),
  metadata: z
    .object({ format: z.string(), size: z.string(), fp: z.string() })
    .partial()
    .nullish()
    .catch(null),
  hashes: z.object({ SHA256: z.string() }).partial().nullish().catch(null),
  primary: z.boolean().nullish(),
})
const versionSchema = z.object({
  id: z.number(),
  modelId: z.number(),
  name: z.string(),
  baseModel: z.string().nullish(),
  model: z.object({ name: z.string() }).nullish(),
  files: z.array(fileSchema),
})
const modelSchema = z.object({
  name: z.string(),
  allowNoCredit: z.boolean().nullish(),
  allowCommercialUse: z.union([z.string(), z.array(z.string())]).nullish(),
  allowDerivatives: z.boolean().nullish(),
  modelVersions: z.array(z.object({ id: z.number() })),
})

type File = z.infer<typeof fileSchema>
type Model = z.infer<typeof modelSchema>

const site = siteNames.civitai
/** Civitai rounds sizes to hundredths of a KiB. */
const slack = 1024

/** What is behind a link to Civitai: a file of one version of a model. */
export async function offerOfCivitai(
  { model: modelId, version: versionId, file: asked }: Extract<Link, { site: 'civitai' }>,
  network: Network,
  signal: AbortSignal,
): Promise<Offer> {
  const origin = network.sites.civitai
  const get = async <T>(
    path: string,
    schema: z.ZodType<T>,
  ): Promise<{ data: T; raw: Record<string, unknown> }> => {
    const text = await askText(network, { site: 'civitai', url: `${origin}/api/v1/${path}`, signal })
    return read(text, schema)
  }
  const newest = async (model: number): Promise<number> =>
    (await get(`models/${model}`, modelSchema)).data.modelVersions[0]?.id ?? Promise.reject(noVersion())
  const id = versionId ?? (await newest(modelId!))
  const { data: version, raw } = await get(`model-versions/${id}`, versionSchema)
  // Without it only the permissions are unknown.
  const model = await get(`models/${version.modelId}`, modelSchema).then(
    ({ data }) => data,
    () => null,
  )
  const file = chooseFile(version.files, asked)
  const page = `https://civitai.com/models/${version.modelId}?modelVersionId=${version.id}`
  const link = (file: File): string => `${page}&fileId=${file.id}`
  const size = (file: File): number => Math.round(file.sizeKB * 1024)
  return {
    site: 'civitai',
    title: `${model?.name ?? version.model?.name ?? file.name} · ${version.name}`,
    page,
    link: link(file),
    revision: String(version.id),
    licence: model && permissions(model, version.baseModel ?? null),
    // Even files that are free to all are given to those alone who are logged in.
    isGated: true,
    name: safeName(file.name),
    isFolder: false,
    files: [
      {
        path: safeName(file.name),
        url: `${origin}/api/download/models/${version.id}${file.primary ? '' : `?fileId=${file.id}`}`,
        size: size(file),
        slack,
        digest: { algorithm: 'sha256', hex: file.hashes!.SHA256!.toLowerCase() },
      },
    ],
    leftOut: { count: 0, bytes: 0 },
    choices: version.files
      .filter((other) => other !== file && isUsable(other))
      .map((other) => ({ name: other.name, size: size(other), link: link(other) })),
    civitaiInfo: raw,
  }
}

function read<T>(text: string, schema: z.ZodType<T>): { data: T; raw: Record<string, unknown> } {
  try {
    const raw = JSON.parse(text) as Record<string, unknown>
    return { data: schema.parse(raw), raw }
  } catch {
    throw new StudioError('unreachable', told(saying('siteUnread', { site })))
  }
}

const isUsable = ({ name, hashes }: File): boolean =>
  /\.safetensors$/i.test(name) && Boolean(hashes?.SHA256) && /^[0-9a-f]{64}$/i.test(hashes!.SHA256!)

/** The file a link asks for, else the version's own first choice. */
function chooseFile(files: readonly File[], asked: FileChoice): File {
  const fits = ({ id, type, metadata }: File): boolean => {
    if (asked.fileId !== undefined) return String(id) === asked.fileId
    const told = { type, format: metadata?.format, size: metadata?.size, fp: metadata?.fp }
    return (['type', 'format', 'size', 'fp'] as const).every(
      (key) => asked[key] === undefined || told[key]?.toLowerCase() === asked[key],
    )
  }
  const wanted = files.filter(fits)
  const usable = wanted.filter(isUsable)
  const chosen =
    usable.find(({ primary }) => primary) ?? usable.find(({ type }) => type === 'Model') ?? usable[0]
  if (chosen) return chosen
  if (wanted.length === 0) throw new StudioError('not-found', told(saying('siteNoFile', { site })))
  if (wanted.some(({ name }) => /\.safetensors$/i.test(name)))
    throw new StudioError('bad-download', told(saying('linkNoHash', { site })))
  const { name } = wanted[0]
  if (
    /\.(ckpt|pt|pth|bin|pkl)$/i.test(name) ||
    wanted.some(({ metadata }) => metadata?.format === 'PickleTensor')
  )
    throw pickle(name)
  throw new StudioError('unsupported-model', told(saying('linkUnusable', { path: name })))
}

const noVersion = (): StudioError => new StudioError('not-found', told(saying('linkNoVersion', { site })))

/** What the author allows, in words: Civitai's permissions stand beside the licence of the base model. */
function permissions(
  { allowCommercialUse, allowNoCredit, allowDerivatives }: Model,
  base: string | null,
): string {
  const uses = [allowCommercialUse ?? []].flat().filter((use) => use !== 'None')
  return [
    ...(base ? [`as ${base}`] : []),
    uses.length > 0 ? `commercial use: ${uses.join(', ').replace(/[{}"]/g, '')}` : 'no commercial use',
    ...(allowNoCredit === false ? ['credit the author'] : []),
    ...(allowDerivatives === false ? ['no merges'] : []),
  ].join('; ')
}
