import { basename } from 'node:path'
import type { ModelRecord } from '../../../shared/models/models.ts'
import type { Studio } from '../../studio.ts'

/** A model as AUTOMATIC1111 calls it: "name.safetensors [first ten digits of the sha256]". */
export interface TitledModel {
  record: ModelRecord
  title: string
  hash: string | null
  sha256: string | null
}

/** Those that can draw. */
export async function titledModels(studio: Studio): Promise<TitledModel[]> {
  const [models, files] = await Promise.all([studio.calls.models(), studio.calls.files()])
  return models
    .filter(({ info }) => info !== null)
    .map((record) => {
      const sha256 = files.find(({ id }) => id === record.id)?.hash ?? null
      const hash = sha256?.slice(0, 10) ?? null
      const file = basename(record.path)
      return { record, hash, sha256, title: hash === null ? file : `${file} [${hash}]` }
    })
}

/** The model of a title, or of any part of it that names one; null: it is not here. */
export async function findTitled(studio: Studio, said: string): Promise<ModelRecord | null> {
  const titled = await titledModels(studio)
  const exact = titled.find(
    ({ record, title, hash, sha256 }) =>
      [title, record.id, record.name, basename(record.path)].includes(said) || [hash, sha256].includes(said),
  )
  if (exact) return exact.record
  const [, name, hash = null] = /^(.*?)(?: \[([0-9a-f]+)\])?$/s.exec(said)!
  const match = await studio.calls.findModel({ name, hash })
  return titled.find(({ record }) => record.id === match?.id)?.record ?? null
}
