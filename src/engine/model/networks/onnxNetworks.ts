import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import type { ClipTextConfig } from '../../graph/clip/clipTextConfig.ts'
import type { Tally } from '../model.ts'
import type { Architecture } from '../modelFacts.ts'
import type { Networks, PictureNetwork, Target, TextNetwork, UnetNetwork } from './networks.ts'
import { onnxInFloat32 } from './onnxInFloat32.ts'
import { openSession, type Input, type Session } from '../runtime/session.ts'
import { guidanceEmbedding } from './timestepEmbedding.ts'

/** Absolute paths of exported networks. */
export interface OnnxFiles {
  unet: string
  vaeDecoder: string
  vaeEncoder: string | null
  textEncoders: readonly string[]
}

/** Networks exported by others; names and types of inputs are read from each as it is opened. */
export function onnxNetworks(
  files: OnnxFiles,
  architecture: Architecture,
  { dtype, decoderDtype, textBytes }: { dtype: string; decoderDtype: string; textBytes: number },
  { device, tallies }: Target,
): Networks {
  const open = (path: string, frugal: boolean, tally: Tally): Promise<Session> =>
    openSession(path, { device, folder: dirname(path), frugal, tally })
  const { unet, vae } = architecture
  const decoderFrom =
    (model: () => Uint8Array | string) =>
    async (height: number, width: number): Promise<PictureNetwork> => {
      const options = { device, folder: dirname(files.vaeDecoder), frugal: true, tally: tallies.vaeDecoder }
      return pictureNetwork(await openSession(model(), options), [1, vae!.latentChannels, height, width])
    }
  const { vaeEncoder } = files
  return {
    precision: dtype === 'float16' ? 'float16' : 'float32',
    textBytes,
    async openTextEncoder(encoder, skip) {
      const path = files.textEncoders[encoder]
      const options = {
        device: 'cpu',
        folder: dirname(path),
        frugal: false,
        tally: tallies.textEncoder,
      } as const
      const session = await openSession(path, options)
      const isXl = unet.added !== null
      const pooled = isXl && encoder === files.textEncoders.length - 1
      return textNetwork(session, architecture.textEncoders[encoder], isXl, skip, pooled)
    },
    async openUnet({ height, width, contextTokens, contextVaries }) {
      const session = await open(files.unet, false, tallies.unet)
      const tokensOf = (context: Float32Array): number =>
        contextVaries ? context.length / unet.contextWidth! : contextTokens
      return unetNetwork(session, [1, unet.inChannels, height, width], tokensOf)
    },
    openLookedUnet: null,
    openVaeDecoder: decoderFrom(() => files.vaeDecoder),
    ...(decoderDtype === 'float16' && {
      openFloat32VaeDecoder: decoderFrom(() =>
        onnxInFloat32(readFileSync(files.vaeDecoder), dirname(files.vaeDecoder)),
      ),
    }),
    openVaeEncoder:
      vaeEncoder === null
        ? null
        : async (height, width) => {
            const session = await open(vaeEncoder, true, tallies.vaeEncoder)
            return pictureNetwork(session, [1, vae!.pictureChannels, height, width])
          },
  }
}

/** Exports give the last hidden state after the final norm and, for SDXL, every state before it. */
function textNetwork(
  session: Session,
  { layers }: ClipTextConfig,
  isXl: boolean,
  skip: number,
  pooled: boolean,
): TextNetwork {
  const hidden = isXl ? `hidden_states.${layers + 1 - skip}` : 'last_hidden_state'
  const has = (name: string): boolean => session.outputs.some((output) => output.name === name)
  if (!has(hidden) || (!isXl && skip !== 1))
    throw new StudioError(
      'unsupported-model',
      `This exported text encoder cannot skip layers: clip skip ${skip} is not in it.`,
    )
  return {
    async encode(ids) {
      const outputs = await session.run({ input_ids: { data: Int32Array.from(ids), shape: [1, ids.length] } })
      const states = outputs[hidden]
      const embeds = pooled ? (outputs['text_embeds'] ?? null) : null
      return { hidden: states, pooled: embeds, width: states.length / ids.length }
    },
    release: () => session.release(),
  }
}

function unetNetwork(
  session: Session,
  sampleShape: readonly number[],
  tokensOf: (context: Float32Array) => number,
): UnetNetwork {
  const timestep = session.inputs.find(({ name }) => name === 'timestep')
  const timestepShape = timestep?.isTensor && timestep.shape.length === 0 ? [] : [1]
  const guidanceWidth = lastAxis(session, 'timestep_cond')
  return {
    async run(input, time, context, { pooled, timeIds, guidanceScale = 1 }) {
      const inputs: Record<string, Input> = {
        sample: { data: input, shape: sampleShape },
        timestep: { data: Float32Array.of(time), shape: timestepShape },
      }
      if (context) {
        const tokens = tokensOf(context)
        const shape = [1, tokens, context.length / tokens]
        inputs['encoder_hidden_states'] = { data: context, shape }
      }
      if (pooled) inputs['text_embeds'] = { data: pooled, shape: [1, pooled.length] }
      if (timeIds) inputs['time_ids'] = { data: timeIds, shape: [1, timeIds.length] }
      if (guidanceWidth !== null) {
        const data = guidanceEmbedding(guidanceScale, guidanceWidth)
        inputs['timestep_cond'] = { data, shape: [1, guidanceWidth] }
      }
      return onlyOutput(session, inputs)
    },
    release: () => session.release(),
  }
}

/** Width of an optional input; 256, as published, where the export leaves it open; null where there is none. */
function lastAxis(session: Session, name: string): number | null {
  const input = session.inputs.find((candidate) => candidate.name === name)
  if (!input?.isTensor) return null
  const width = input.shape.at(-1)
  return typeof width === 'number' ? width : 256
}

const pictureNetwork = (session: Session, shape: readonly number[]): PictureNetwork => ({
  run: (input) => onlyOutput(session, { [session.inputs[0].name]: { data: input, shape } }),
  release: () => session.release(),
})

async function onlyOutput(session: Session, inputs: Readonly<Record<string, Input>>): Promise<Float32Array> {
  return (await session.run(inputs))[session.outputs[0].name]
}
