import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { StampedModel } from './stampFiles.ts'

/** What the files beside a model say of it. */
export interface CompanionTexts {
  title: string | null
  description: string | null
  baseModel: string | null
  triggerWords: string[]
  negativeText: string | null
  /** The strength its author or owner likes best. */
  strength: number | null
  notes: string | null
  author: string | null
  tags: string[]
  /** Names of the files that said something. */
  sources: string[]
}

const noTexts: CompanionTexts = {
  title: null,
  description: null,
  baseModel: null,
  triggerWords: [],
  negativeText: null,
  strength: null,
  notes: null,
  author: null,
  tags: [],
  sources: [],
}

/** Civitai's descriptions with their pictures inlined are the longest that are seen. */
const longestFile = 2 ** 21
const longestText = 20_000
const mostWords = 60

/** Reads the files beside a model; those that have not changed since they were last read are not read again. */
export function createCompanionReader(): (model: StampedModel) => Promise<CompanionTexts> {
  const read = new Map<string, { stamps: string; texts: CompanionTexts }>()
  return async (model) => {
    if (model.texts.length === 0) return noTexts
    const stamps = model.texts.map(({ path, stamp }) => `${path} ${stamp}`).join('\n')
    const known = read.get(model.path)
    if (known?.stamps === stamps) return known.texts
    const texts = await readCompanions(model.texts)
    read.set(model.path, { stamps, texts })
    return texts
  }
}

/** Of several files the first that says a thing counts. */
async function readCompanions(files: StampedModel['texts']): Promise<CompanionTexts> {
  let texts = noTexts
  for (const { path, size } of files) {
    if (size > longestFile) continue
    const content = await readFile(path, 'utf8').catch(() => null)
    const said = content === null ? null : /\.txt$/i.test(path) ? ofText(content) : ofJson(content)
    if (!said) continue
    texts = {
      title: texts.title ?? said.title,
      description: texts.description ?? said.description,
      baseModel: texts.baseModel ?? said.baseModel,
      triggerWords: texts.triggerWords.length > 0 ? texts.triggerWords : said.triggerWords,
      negativeText: texts.negativeText ?? said.negativeText,
      strength: texts.strength ?? said.strength,
      notes: texts.notes ?? said.notes,
      author: texts.author ?? said.author,
      tags: texts.tags.length > 0 ? texts.tags : said.tags,
      sources: [...texts.sources, basename(path)],
    }
  }
  return texts
}

type Said = Omit<CompanionTexts, 'sources'>

const ofText = (content: string): Said => ({ ...noTexts, description: plain(content) })

const table = z.record(z.string(), z.unknown())

/**
 * The names that programs give to what they know: AUTOMATIC1111's user metadata ("activation text"), Civitai's answers
 * as its helpers keep them (`trainedWords`), StabilityMatrix and Civicomfy (`TrainedWords`), LoRA Manager
 * (`civitai.trainedWords`), SwarmUI (`modelspec.trigger_phrase`). null for what is no table.
 */
function ofJson(content: string): Said | null {
  const root = tableIn(parseJson(content))
  if (!root) return null
  const [model, civitai] = [tableIn(root['model']), tableIn(root['civitai'])]
  const text = (...names: string[]): string | null =>
    firstOf(names.map((name) => plain(root[name] ?? model?.[name] ?? civitai?.[name])))
  const list = (...names: string[]): string[] =>
    names
      .map((name) => wordsIn(root[name] ?? civitai?.[name] ?? model?.[name]))
      .find(({ length }) => length > 0) ?? []
  return {
    title:
      text('UserTitle', 'ModelName', 'model_name', 'modelspec.title', 'title') ??
      plain(model?.['name']) ??
      text('name'),
    description: text('description', 'ModelDescription', 'modelDescription', 'modelspec.description'),
    baseModel: known(text('baseModel', 'BaseModel', 'base_model', 'sd version')),
    triggerWords: list(
      'activation text',
      'trainedWords',
      'TrainedWords',
      'modelspec.trigger_phrase',
      'trigger_phrase',
    ),
    negativeText: text('negative text'),
    strength: strengthIn(root['preferred weight']),
    notes: text('notes'),
    author:
      text('AuthorUsername', 'CreatorUsername', 'modelspec.author') ??
      plain(tableIn(root['creator'])?.['username']),
    tags: list('tags', 'Tags', 'modelspec.tags'),
  }
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
}

const tableIn = (value: unknown): Record<string, unknown> | null => table.safeParse(value).data ?? null

const firstOf = (texts: readonly (string | null)[]): string | null =>
  texts.find((text) => text !== null) ?? null

const known = (text: string | null): string | null =>
  text === null || /^(unknown|other)$/i.test(text) ? null : text

/** AUTOMATIC1111 writes 0 where nothing was chosen. */
const strengthIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value !== 0 && Math.abs(value) <= 10 ? value : null

function wordsIn(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []
  const words = texts.map(plain).filter((word) => word !== null)
  return [...new Set(words)].slice(0, mostWords)
}

/** A text without the marks of HTML that Civitai's descriptions are written in; null where nothing is left. */
function plain(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value
    .slice(0, longestFile)
    .replaceAll(/<br\s*\/?>|<\/(p|div|li|h\d)>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return text === '' ? null : text.slice(0, longestText)
}
