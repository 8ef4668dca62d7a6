import { defineStore } from 'pinia'
import { useLocalStorage } from '@vueuse/core'
import { computed, watch, type Ref } from 'vue'
import type { ModelInfo, ModelRecord } from '../../shared/models/models.ts'
import { presetSchema, type Preset } from '../../shared/calls/promptCalls.ts'
import {
  generationRequestSchema,
  type GenerationRequest,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../shared/request/request.ts'
import { isInpainted } from '../../shared/request/inpaint.ts'
import { limits } from '../../shared/request/limits.ts'
import { modelDefaultsSchema } from '../../shared/request/modelDefaults.ts'
import type { Seed } from '../../shared/request/seed.ts'
import { nearestNumber, type Replaced } from '../../shared/library/takeOver.ts'
import { withoutText } from '../../shared/request/withoutText.ts'
import { useModels } from './models.ts'

const defaults: GenerationRequest = generationRequestSchema.parse({})
const modelFields = modelDefaultsSchema.keyof().options
/** A seed from 0 to 2^32 - 1. */
export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0

const serializer = { read: readForm, write: JSON.stringify }

/** What is asked for next: the Create page's fields. Kept over reloads; a field that no longer fits is reset. */
export const useForm = defineStore('form', () => {
  const models = useModels()
  const request = useLocalStorage<GenerationRequest>('latent-studio.form', { ...defaults }, { serializer })
  /** Locked: every run uses `request.seed`. Otherwise the studio picks a new one each time. */
  const seedLocked = useLocalStorage('latent-studio.seed-locked', false)

  const model = computed(() => models.byId(request.value.model))
  /** False of models that draw without words: what is said in them is not shown, and not sent. */
  const readsText = computed(() => model.value?.info?.hasTextEncoder !== false)
  const modelDefaults = computed(() => withSize(defaultsOf(model.value), model.value))
  const width = computed(() => request.value.width ?? modelDefaults.value.width)
  const height = computed(() => request.value.height ?? modelDefaults.value.height)

  /** True where a field differs from what the model would take by itself. */
  const isChanged = (field: keyof GenerationRequest): boolean =>
    request.value[field] !== null && request.value[field] !== modelDefaults.value[field]

  function reset(field: keyof GenerationRequest): void {
    request.value = { ...request.value, [field]: defaultsOf(model.value)[field] }
  }

  /** Takes another model, and its defaults in place of the last one's; what a person changed stays. */
  function chooseModel(id: string): void {
    const [before, after] = [defaultsOf(model.value), defaultsOf(models.byId(id))]
    request.value = { ...request.value, ...moved(request.value, before, after), model: id }
  }

  /** The request as it goes to the studio. */
  function toRequest(): GenerationRequest {
    const locked = seedLocked.value && request.value.seed !== null
    // A second pass rests while there is a picture to start from, and says so.
    const hires = request.value.initImage ? null : request.value.hires
    const { initImage, mask, inpaint } = request.value
    const start = { mask: initImage && mask, inpaint: isInpainted(request.value) ? inpaint : null }
    const written = { ...request.value, hires, ...start }
    const asked = readsText.value ? written : withoutText(written)
    return locked ? asked : { ...asked, seed: null, batchStart: 0, batchOf: null }
  }

  function lockSeed(seed: Seed): void {
    request.value = { ...request.value, seed, batchStart: 0, batchOf: null }
    seedLocked.value = true
  }

  /** Takes over everything of a picture's request, its seed too. The device stays the person's choice. */
  function take(from: ResolvedRequest): void {
    request.value = { ...asWritten(from), device: request.value.device }
    seedLocked.value = true
  }

  /** Takes over what a file told, on a model that is here; the rest becomes the default. Answers sides that were fitted. */
  function takeFound(found: GenerationRequestInput, modelId: string | null): Replaced[] {
    const { device, model: chosen } = request.value
    const used = models.byId(modelId ?? '') ?? models.byId(found.model ?? '') ?? model.value
    const read = asWritten(generationRequestSchema.parse({ ...defaultsOf(used), ...found }))
    const { replaced, ...size } = fitSize(read, used?.info ?? null)
    request.value = { ...read, ...size, model: used?.id ?? chosen, device, initImage: null, mask: null }
    seedLocked.value = read.seed !== null
    return replaced
  }

  const keeping = keepingOf(request, seedLocked, (id) => models.byId(id)?.id)

  takeTodaysId(model, request)
  followDefaults(model, request)
  leaveSizeOpen(model, request)

  return {
    ...{ request, seedLocked, model, readsText, modelDefaults, width, height },
    ...{ isChanged, reset, chooseModel, toRequest, lockSeed, take, takeFound, ...keeping },
  }
})

/** The form as something to keep, and back. */
function keepingOf(
  request: Ref<GenerationRequest>,
  seedLocked: Ref<boolean>,
  findModel: (id: string) => string | undefined,
) {
  return {
    /** Takes over a form that was kept, as JSON of its fields; one that no longer fits is reset. */
    restore(fields: string, isLocked: boolean): void {
      request.value = readForm(fields)
      seedLocked.value = isLocked
    },
    toPreset: (name: string): Preset =>
      presetSchema.parse({ name, request: request.value, seedLocked: seedLocked.value }),
    /** Takes over all of it; the device and the pictures stay, and so do a model and a prompt that it does not have. */
    applyPreset({ request: kept, seedLocked: isLocked }: Preset): void {
      const { device, initImage, mask, references, prompt, model } = request.value
      const mine = { device, initImage, mask, references, prompt: kept.prompt || prompt }
      request.value = { ...kept, ...mine, model: findModel(kept.model) ?? model }
      seedLocked.value = isLocked
    },
  }
}

/** What a request takes with this model where nothing is asked for. */
const defaultsOf = (model: ModelRecord | null): GenerationRequest => ({
  ...defaults,
  ...model?.info?.defaults,
})

/** With the model's own size, which a request leaves open. */
const withSize = (request: GenerationRequest, model: ModelRecord | null): GenerationRequest => ({
  ...request,
  width: model?.info?.defaultWidth ?? null,
  height: model?.info?.defaultHeight ?? null,
})

/** The fields a model decides that nobody changed, as the next model has them. */
function moved(
  request: GenerationRequest,
  before: GenerationRequest,
  after: GenerationRequest,
): Partial<GenerationRequest> {
  const unchanged = modelFields.filter((field) => request[field] === before[field])
  return Object.fromEntries(unchanged.map((field) => [field, after[field]]))
}

/** A form kept, or a picture made, by an earlier version may name the model by its former id. */
function takeTodaysId(model: Ref<ModelRecord | null>, request: Ref<GenerationRequest>): void {
  watch([() => model.value?.id, () => request.value.model], ([id, asked]) => {
    if (id !== undefined && id !== asked) request.value = { ...request.value, model: id }
  })
}

/** The same model with other defaults: a person gave it some of their own. */
function followDefaults(model: Ref<ModelRecord | null>, request: Ref<GenerationRequest>): void {
  watch(model, (now, before) => {
    if (!now || now.id !== before?.id) return
    request.value = { ...request.value, ...moved(request.value, defaultsOf(before), defaultsOf(now)) }
  })
}

/** A size that the model cannot make becomes its own. */
function leaveSizeOpen(model: Ref<ModelRecord | null>, request: Ref<GenerationRequest>): void {
  watch(model, (now) => {
    const { width, height } = request.value
    if (!now?.info || (fits(width, now.info) && fits(height, now.info))) return
    request.value = { ...request.value, width: null, height: null }
  })
}

/** The request with the prompts as they were written, before styles and wildcards were put in. */
const asWritten = (from: GenerationRequest): GenerationRequest => ({
  ...from,
  prompt: from.promptTemplate ?? from.prompt,
  negativePrompt: from.negativePromptTemplate ?? from.negativePrompt,
  promptTemplate: null,
  negativePromptTemplate: null,
  batchPrompts: null,
  upscaleOf: null,
  editOf: null,
  branch: null,
  grid: null,
  unetWidening: null,
  guidanceTogether: null,
  turboBecause: null,
  hires: from.hires && {
    ...from.hires,
    prompt: from.hires.promptTemplate ?? from.hires.prompt,
    negativePrompt: from.hires.negativePromptTemplate ?? from.hires.negativePrompt,
    promptTemplate: null,
    negativePromptTemplate: null,
  },
})

/** The sides of a request as a model can make them, as typing them would give; and which were replaced. */
function fitSize({ width, height }: GenerationRequest, info: ModelInfo | null) {
  const replaced: Replaced[] = []
  const fit = (field: 'width' | 'height', side: number | null): number | null => {
    if (side === null || !info || fits(side, info)) return side
    const { minSize, maxSize, sizeMultiple: multipleOf } = info
    const min = Math.ceil(minSize / multipleOf) * multipleOf
    const taken = nearestNumber(side, { min, max: Math.min(maxSize, limits.size.max), multipleOf })
    replaced.push({ field, key: field, value: String(side), taken })
    return taken
  }
  return { width: fit('width', width), height: fit('height', height), replaced }
}

/** Whether a model can make this side; one left open (null) always fits. */
const fits = (side: number | null, { minSize, maxSize, sizeMultiple }: ModelInfo): boolean =>
  side === null || (side >= minSize && side <= maxSize && side % sizeMultiple === 0)

/** Reads what an earlier visit left, field by field: an unknown or impossible value becomes its default. */
function readForm(text: string): GenerationRequest {
  try {
    const kept = JSON.parse(text) as Record<string, unknown>
    const entries = Object.entries(generationRequestSchema.shape).map(([field, schema]) => {
      const read = schema.safeParse(kept[field])
      return [field, read.success ? read.data : defaults[field as keyof GenerationRequest]]
    })
    return Object.fromEntries(entries) as GenerationRequest
  } catch {
    return { ...defaults }
  }
}
