import type { Generation } from '../../../shared/library/generation.ts'
import type { Picture } from '../picture.ts'
import { parseObject, type JsonObject } from '../tolerantJson.ts'
import { knownSettings } from './readSettings.ts'

/**
 * Reads Easy Diffusion: in PNG a text chunk a setting; in JPEG, WebP and the .json beside a picture one object; in the
 * .txt beside it a line a setting, under the names of its screen, which chunks have as well where both were asked for
 * (easydiffusion/utils/save_utils.py, sdkit/utils/file_utils.py).
 */
export function readEasyDiffusion({ texts }: Picture): Generation | null {
  if (texts.has('use_stable_diffusion_model') || texts.has('Stable Diffusion model'))
    return ofSettings(Object.fromEntries(texts), [...texts].map((setting) => setting.join(': ')).join('\n'))
  const text = texts.get('parameters')
  if (text === undefined) return null
  const settings = /^\s*\{/.test(text) ? parseObject(text) : fromLines(text)
  return settings && isOurs(settings) ? ofSettings(settings, text) : null
}

const isOurs = (settings: JsonObject): boolean =>
  'use_stable_diffusion_model' in settings || 'Stable Diffusion model' in settings

const names = /^([A-Z][A-Za-z ]{2,30}): (.*)$/

/** A line without a name goes on with the setting before. */
function fromLines(text: string): JsonObject | undefined {
  if (!/^Stable Diffusion model: /m.test(text)) return undefined
  const settings: Record<string, string> = {}
  let last = ''
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = names.exec(line) ?? []
    if (name !== undefined) settings[(last = name)] = value
    else if (last !== '' && line !== '') settings[last] += `\n${line}`
  }
  return settings
}

/** Values are Python's where they are texts, and its clip skip is a switch for the last layer but one. */
function ofSettings(settings: JsonObject, text: string): Generation | null {
  const plain = Object.entries(settings).flatMap(([key, value]): [string, unknown][] => {
    const isSwitch = /^clip.skip$/i.test(key)
    if (value === 'False' || value === 'none' || (isSwitch && value === false)) return []
    if (isSwitch && (value === 'True' || value === true)) return [[key, 2]]
    return [[key, typeof value === 'string' && key !== 'prompt' ? pythonList(value) : value]]
  })
  return knownSettings(withStrengths(Object.fromEntries(plain)), text)
}

/** LoRAs with their strengths behind them, which stand in a list of their own. */
function withStrengths(settings: JsonObject): JsonObject {
  const key = ['use_lora_model', 'LoRA model'].find((name) => settings[name])
  const written = settings.lora_alpha ?? settings['LoRA Strength']
  if (key === undefined || written === undefined) return settings
  // A list of numbers as Python prints it, or as JSON has it.
  const strengths = JSON.stringify(written).match(/-?[\d.]+/g) ?? []
  const loras = [settings[key]].flat().map((lora, index) => `${String(lora)}:${strengths[index] ?? '?'}`)
  return { ...settings, [key]: loras }
}

/** The texts of a list as Python prints it; any other text as it is. */
function pythonList(text: string): string | string[] {
  const inside = /^\['((?:[^'\\\[\]]|', ')*)'\]$/.exec(text)?.[1]
  return inside === undefined ? text : inside.split("', '")
}
