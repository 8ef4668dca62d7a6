import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tensorsIn } from './safetensorsFile.ts'

/** Text encoders as llama.cpp keeps them, with their vocabulary, in float32. */

const llamaNames: Readonly<Record<string, string>> = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'self_attn.q_norm': 'attn_q_norm',
  'self_attn.k_norm': 'attn_k_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
}

function llamaName(key: string): string {
  const [, layer, name] = /^model\.layers\.(\d+)\.(.+)\.weight$/.exec(key) ?? []
  if (layer !== undefined) return `blk.${layer}.${llamaNames[name]}.weight`
  return key === 'model.norm.weight' ? 'output_norm.weight' : 'token_embd.weight'
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)])
const list = (type: number, values: readonly Buffer[]): Buffer =>
  Buffer.concat([uint32(9), uint32(type), uint64(values.length), ...values])

/** Normal, control and user-defined tokens. */
const tokenTypes = { normal: 1, control: 3, userDefined: 4 }

interface TokenizerFile {
  added_tokens: { id: number; content: string; special: boolean }[]
  model: { vocab: Record<string, number>; merges: (string | [string, string])[] }
}

/** Writes the text encoder and the tokenizer of a diffusers folder as one file. */
export async function writeGgufEncoder(path: string, folder: string): Promise<void> {
  const { added_tokens, model } = JSON.parse(
    await readFile(join(folder, 'tokenizer/tokenizer.json'), 'utf8'),
  ) as TokenizerFile
  const tokens: string[] = []
  const types: number[] = []
  const add = (token: string, id: number, type: number): void => {
    tokens[id] = token
    types[id] = type
  }
  for (const [token, id] of Object.entries(model.vocab)) add(token, id, tokenTypes.normal)
  for (const { id, content, special } of added_tokens)
    add(content, id, special ? tokenTypes.control : tokenTypes.userDefined)
  const merges = model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')))
  const entries: [string, Buffer][] = [
    ['general.architecture', Buffer.concat([uint32(8), text('qwen3')])],
    ['tokenizer.ggml.model', Buffer.concat([uint32(8), text('gpt2')])],
    ['tokenizer.ggml.pre', Buffer.concat([uint32(8), text('qwen2')])],
    ['tokenizer.ggml.tokens', list(8, tokens.map(text))],
    ['tokenizer.ggml.token_type', list(5, types.map(uint32))],
    ['tokenizer.ggml.merges', list(8, merges.map(text))],
  ]
  const tensors = Object.entries(await tensorsIn(join(folder, 'text_encoder/model.safetensors')))
  let end = 0
  const infos = tensors.map(([key, { shape, bytes }]) => {
    const offset = end
    end += Math.ceil(bytes!.length / 32) * 32
    const dims = shape.toReversed().map(uint64)
    return Buffer.concat([text(llamaName(key)), uint32(shape.length), ...dims, uint32(0), uint64(offset)])
  })
  const header = Buffer.concat([
    ...[Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(entries.length)],
    ...entries.flatMap(([key, value]) => [text(key), value]),
    ...infos,
  ])
  const data = tensors.flatMap(([, { bytes }]) => [bytes!, Buffer.alloc(-bytes!.length & 31)])
  await writeFile(path, Buffer.concat([header, Buffer.alloc(-header.length & 31), ...data]))
}
