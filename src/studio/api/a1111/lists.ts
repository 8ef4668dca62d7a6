import { freemem, totalmem } from 'node:os'
import { basename } from 'node:path'
import type { FileKind, OwnedFile } from '../../../shared/models/ownedFile.ts'
import { samplers, schedules } from '../../../shared/models/samplers.ts'
import { latentUpscalers } from '../../../shared/models/upscalers.ts'
import { controlModules } from '../../metadata/controlParameters.ts'
import type { Studio } from '../../studio.ts'
import { titledModels } from './titledModels.ts'

/** What there is to draw with, in the form of AUTOMATIC1111's lists, by the path that each has. */

type List = (studio: Studio) => unknown

const ofKind = async (studio: Studio, ...kinds: FileKind[]): Promise<OwnedFile[]> =>
  (await studio.calls.files()).filter(({ kind, problem }) => kinds.includes(kind) && problem === null)

const none = (): [] => []

export const lists: Readonly<Record<string, List>> = {
  '/sdapi/v1/sd-models': async (studio) =>
    (await titledModels(studio)).map(({ record, title, hash, sha256 }) => ({
      ...{ title, model_name: record.name, hash, sha256, filename: record.path, config: null },
    })),
  '/sdapi/v1/sd-vae': async (studio) =>
    (await ofKind(studio, 'vae')).map(({ path }) => ({ model_name: basename(path), filename: path })),
  '/sdapi/v1/samplers': () =>
    samplers.map(({ name, aliases }) => ({ name, aliases: [...aliases], options: {} })),
  '/sdapi/v1/schedulers': () =>
    schedules.map(({ name, aliases }) => ({
      ...{ name: aliases[0] ?? name.toLowerCase().replaceAll(' ', '_'), label: name },
      ...{ aliases: [...aliases], default_rho: -1, need_inner_model: false },
    })),
  '/sdapi/v1/loras': async (studio) =>
    (await ofKind(studio, 'lora')).map(({ name, alias, path, baseModel, triggerWords }) => ({
      ...{ name, alias: alias ?? name, path },
      metadata: { ss_base_model_version: baseModel, trigger_words: triggerWords },
    })),
  '/sdapi/v1/embeddings': async (studio) => {
    const told = { step: null, sd_checkpoint: null, sd_checkpoint_name: null, shape: null, vectors: null }
    const files = await ofKind(studio, 'embedding')
    return { loaded: Object.fromEntries(files.map(({ name }) => [name, told])), skipped: {} }
  },
  '/sdapi/v1/upscalers': async (studio) => {
    const told = { model_path: null, model_url: null, scale: 4 }
    const usable = (await studio.calls.upscalers()).filter(({ problem }) => problem === null)
    return ['None', ...usable.map(({ name }) => name)].map((name) => ({ name, model_name: null, ...told }))
  },
  '/sdapi/v1/latent-upscale-modes': () => latentUpscalers.map((name) => ({ name })),
  '/sdapi/v1/prompt-styles': async (studio) =>
    (await studio.calls.styles()).map(({ name, prompt, negativePrompt }) => ({
      ...{ name, prompt, negative_prompt: negativePrompt },
    })),
  '/sdapi/v1/hypernetworks': none,
  '/sdapi/v1/face-restorers': none,
  '/sdapi/v1/realesrgan-models': none,
  '/sdapi/v1/extensions': none,
  '/sdapi/v1/script-info': none,
  '/sdapi/v1/scripts': () => ({ txt2img: ['controlnet'], img2img: ['controlnet'] }),
  '/sdapi/v1/cmd-flags': () => ({
    api: true,
    nowebui: false,
    listen: false,
    share: false,
    api_server_stop: false,
  }),
  '/sdapi/v1/memory': () => ({
    ram: { free: freemem(), used: totalmem() - freemem(), total: totalmem() },
    cuda: { error: 'not measured' },
  }),
  '/controlnet/version': () => ({ version: 3 }),
  '/controlnet/model_list': async (studio) => ({
    model_list: (await ofKind(studio, 'controlnet', 't2i-adapter')).map(({ name, hash }) =>
      hash === null ? name : `${name} [${hash.slice(0, 8)}]`,
    ),
  }),
  '/controlnet/module_list': () => ({ module_list: Object.values(controlModules), module_detail: {} }),
}
