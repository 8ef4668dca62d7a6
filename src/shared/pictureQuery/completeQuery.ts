import { findField, type QueryField } from './queryFields.ts'

/** The part of a search that ends at the caret, and can be completed: the name of a field, or a value behind it. */
export interface OpenPart {
  /** Whose value it is; null: it may become a name. */
  field: QueryField | null
  written: string
  /** Where it begins. */
  start: number
}

const openName = /(?<=^|\s)-?(?<written>\p{L}[\p{L}\p{N}]*)$/u
const openValue = /(?<=^|\s)-?(?<name>\p{L}[\p{L}\p{N}]*)[:=](?:[^\s",]+,|"[^"]*",)*(?<written>[^\s",]*)$/u

/** null: nothing is being written there, or words in quotes are. */
export function openPart(text: string, caret: number): OpenPart | null {
  const before = text.slice(0, caret)
  if (/^\S/.test(text.slice(caret))) return null
  const { name, written } = (openValue.exec(before) ?? openName.exec(before))?.groups ?? {}
  if (written === undefined) return null
  const field = name === undefined ? null : findField(name)
  return name !== undefined && field === null ? null : { field, written, start: caret - written.length }
}

/** A value as a search has to write it. */
export const printValue = (value: string): string =>
  /^[\p{L}\p{N}._-]+$/u.test(value) ? value : `"${value}"`
