import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { StudioError } from '../../../shared/errors.ts'
import type { Device } from '../../../shared/request/request.ts'
import { zeroInput } from '../../graph/writing/value.ts'
import type { Tally } from '../model.ts'

/** The only file that knows ONNX Runtime, which is loaded when the first session is opened. */

export type RealDevice = Exclude<Device, 'auto'>

export interface SessionOptions {
  device: RealDevice
  /** Folder that external data is relative to. */
  folder: string
  /** For networks whose activations are large and that run once: give memory back after every run. */
  frugal: boolean
  /** Counts loading and every run. */
  tally: Tally
  /** Where ONNX Runtime writes how long every operator of every run took: how the file's path begins. */
  profile?: string
}

export interface Input {
  data: Float32Array | Int32Array
  shape: readonly number[]
}

/** A network ready to run. Numbers are converted to and from the types the network declares. */
export interface Session {
  readonly inputs: readonly InferenceSession.ValueMetadata[]
  readonly outputs: readonly InferenceSession.ValueMetadata[]
  /** It gives memory back after every run. */
  readonly frugal: boolean
  run(inputs: Readonly<Record<string, Input>>): Promise<Record<string, Float32Array>>
  release(): Promise<void>
}

export interface ProfiledSession extends Session {
  /** Writes the file of the profile; what runs later is not in it. */
  endProfile(): void
}

const runtime = () => import('onnxruntime-node')

/** What this process has open on graphics cards. */
export const openSessions = { onCards: 0 }

export async function onnxRuntimeVersion(): Promise<string> {
  return (await runtime()).env.versions.node ?? 'unknown'
}

/** Execution providers this build of ONNX Runtime carries; the adapter or driver may still be missing. */
export async function builtInDevices(): Promise<RealDevice[]> {
  const { listSupportedBackends } = await runtime()
  const names = listSupportedBackends().map(({ name }) => name)
  return (['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const).filter((device) => names.includes(device))
}

/**
 * Opens a network from ONNX bytes or a file. Throws `device-unavailable`, `out-of-memory`, or `bad-checkpoint` with
 * what ONNX Runtime said.
 */
export async function openSession(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<ProfiledSession> {
  const { InferenceSession } = await runtime()
  if (!(await builtInDevices()).includes(options.device))
    throw new StudioError(
      'device-unavailable',
      `${options.device} is not part of this build of ONNX Runtime.`,
    )
  const start = performance.now()
  const settings = runtimeOptions(options)
  const session = await (
    typeof model === 'string'
      ? InferenceSession.create(model, settings)
      : InferenceSession.create(model, settings)
  ).catch((error: unknown) => {
    throw explain(error, options.device)
  })
  options.tally.loadMs += performance.now() - start
  const onCards = options.device === 'cpu' ? 0 : 1
  openSessions.onCards += onCards
  return {
    inputs: session.inputMetadata,
    outputs: session.outputMetadata,
    frugal: options.frugal,
    run: (inputs) => runSession(session, inputs, options),
    endProfile: () => session.endProfiling(),
    release: () => {
      openSessions.onCards -= onCards
      return session.release()
    },
  }
}

/**
 * Measured: see ARCHITECTURE.md. Memory patterns double the peak. Waking a thread takes as long as an operator of a
 * small network: threads wait awake for a moment, and only while a network runs.
 */
export function runtimeOptions({
  device,
  folder,
  frugal,
  profile,
}: SessionOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: device === 'cpu' ? ['cpu'] : [{ name: device }, 'cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: physicalCores(),
    enableMemPattern: false,
    enableCpuMemArena: !frugal,
    logSeverityLevel: 3,
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
    extra: {
      session: {
        force_spinning_stop: '1',
        intra_op: { allow_spinning: '1', spin_duration_us: '200' },
        model_external_initializers_file_folder_path: folder,
      },
    },
  }
}

/** A second thread on a core slows matrix products down. */
export function physicalCores(): number {
  const threads = availableParallelism()
  if (process.platform === 'win32' && process.arch === 'x64') return Math.max(1, Math.ceil(threads / 2))
  if (process.platform !== 'linux') return threads
  const cores = new Set<string>()
  let socket = ''
  for (const line of readFileSync('/proc/cpuinfo', 'utf8').split('\n')) {
    if (line.startsWith('physical id')) socket = line
    if (line.startsWith('core id')) cores.add(socket + line)
  }
  return cores.size === 0 ? threads : Math.min(threads, cores.size)
}

const zero: Input = { data: Int32Array.of(0), shape: [1] }

async function runSession(
  session: InferenceSession,
  inputs: Readonly<Record<string, Input>>,
  { device, tally }: SessionOptions,
): Promise<Record<string, Float32Array>> {
  const { Tensor } = await runtime()
  const feeds: Record<string, Tensor> = {}
  for (const metadata of session.inputMetadata) {
    const input = metadata.name === zeroInput ? zero : inputs[metadata.name]
    if (!input || !metadata.isTensor)
      throw new StudioError(
        'unsupported-model',
        `The network asks for an input "${metadata.name}" that is not known.`,
      )
    feeds[metadata.name] = toTensor(Tensor, metadata.type, input)
  }
  const start = performance.now()
  const outputs = await session.run(feeds).catch((error: unknown) => {
    throw explain(error, device)
  })
  tally.runMs += performance.now() - start
  tally.runs++
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, toFloats(name, tensor)]))
}

function toTensor(TensorClass: typeof Tensor, type: Tensor.Type, { data, shape }: Input): Tensor {
  switch (type) {
    case 'float32':
      return new TensorClass('float32', data instanceof Float32Array ? data : Float32Array.from(data), shape)
    case 'int32':
      return new TensorClass('int32', Int32Array.from(data), shape)
    case 'int64':
      return new TensorClass(
        'int64',
        BigInt64Array.from(Array.from(data, (value) => BigInt(Math.trunc(value)))),
        shape,
      )
    case 'float64':
      return new TensorClass('float64', Float64Array.from(data), shape)
    case 'float16':
      return halfTensor(data, shape)
    default:
      throw new StudioError(
        'unsupported-model',
        `The network has an input of type ${type}, which cannot be fed.`,
      )
  }
}

/** The binding cannot read a Float16Array (onnxruntime#26791), but takes its bits in a plain object. */
function halfTensor(data: Float32Array | Int32Array, dims: readonly number[]): Tensor {
  const bits = new Uint16Array(Float16Array.from(data).buffer)
  return { type: 'float16', dims, data: bits, location: 'cpu' } as unknown as Tensor
}

function toFloats(name: string, { type, data }: Tensor): Float32Array {
  if (type === 'float32') return data as Float32Array
  if (type === 'float16') return Float32Array.from(data as unknown as Float16Array)
  throw new StudioError(
    'unsupported-model',
    `The network's output "${name}" is of type ${type}, not a float.`,
  )
}

function explain(error: unknown, device: RealDevice): StudioError {
  const said = error instanceof Error ? error.message : String(error)
  if (/bad_alloc|allocate memory|out of memory|OUT_OF_MEMORY|OutOfMemory/i.test(said))
    return new StudioError(
      'out-of-memory',
      `There is not enough memory for this network on ${device}. Make the picture smaller, close other programs, or choose another device. (${said})`,
      { cause: error },
    )
  if (
    device !== 'cpu' &&
    /adapter|no device|device not found|WebGPU device|dxgi|CUDA_ERROR_NO_DEVICE|failed to load (shared )?library/i.test(
      said,
    )
  )
    return new StudioError(
      'device-unavailable',
      `${device} found no adapter or driver to run on. (${said.trim()})`,
      {
        cause: error,
      },
    )
  if (/External data path does not exist/.test(said))
    return new StudioError(
      'not-found',
      `A file of this model is no longer there. Put it back, or choose another model. (${said.trim()})`,
      { cause: error },
    )
  return new StudioError('bad-checkpoint', `ONNX Runtime refused the network on ${device}: ${said}`, {
    cause: error,
  })
}
