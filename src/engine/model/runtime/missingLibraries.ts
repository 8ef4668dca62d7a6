import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { RealDevice } from './session.ts'

/** What `npm run install-cuda` fetches, beside ONNX Runtime's own library. */
const cudaProvider = 'libonnxruntime_providers_cuda.so'

/** What NVIDIA's Vulkan driver is made of and needs, without a screen too. */
const vulkanOfNvidia = ['libvulkan.so.1', 'libGLX_nvidia.so.0', 'libX11.so.6', 'libXext.so.6']

/** Which libraries a device needs that the system's loader does not find, and where they come from; asked on Linux alone. */
export async function noteOnMissingLibraries(device: RealDevice): Promise<string | null> {
  const missing = await missingLibraries(device)
  if (missing.length === 0) return null
  if (missing.includes(cudaProvider))
    return 'ONNX Runtime’s part for CUDA is not installed. On Linux with an NVIDIA card, "npm run install-cuda" fetches it.'
  const whence =
    device === 'cuda'
      ? 'They come with CUDA 12 and, where libcudnn is named, cuDNN 9.'
      : 'NVIDIA’s driver needs them for Vulkan, without a screen too (on Debian: libvulkan1, libx11-6, libxext6 and the driver’s own GL libraries).'
  return `${device} is not available: the system does not find ${missing.join(', ')}. ${whence}`
}

async function missingLibraries(device: RealDevice): Promise<string[]> {
  if (process.platform !== 'linux') return []
  if (device === 'cuda') return missingForCuda()
  if (device === 'webgpu' && existsSync('/proc/driver/nvidia/version')) return notInstalled(vulkanOfNvidia)
  return []
}

async function missingForCuda(): Promise<string[]> {
  const runtime = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')))
  const provider = join(runtime, 'bin', 'napi-v6', process.platform, process.arch, cudaProvider)
  return existsSync(provider) ? notFoundIn(await output('ldd', [provider])) : [cudaProvider]
}

/** The libraries that `ldd` says are not found. */
export const notFoundIn = (said: string): string[] =>
  [...said.matchAll(/^\s*(\S+) => not found$/gm)].map(([, library]) => library)

async function notInstalled(libraries: readonly string[]): Promise<string[]> {
  const known = await output('/sbin/ldconfig', ['-p'])
  return known === '' ? [] : libraries.filter((library) => !known.includes(`\t${library} `))
}

/** What a program says, also where it fails; nothing where there is no such program. */
const output = (program: string, args: readonly string[]): Promise<string> =>
  promisify(execFile)(program, [...args]).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  )
