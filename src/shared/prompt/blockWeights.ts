/**
 * Strengths of an adapter block by block, as the extension "LoRA Block Weight" writes them
 * (github.com/hako-mikan/sd-webui-lora-block-weight, scripts/lora_block_weight.py).
 */

const ins = Array.from({ length: 12 }, (_, index) => `IN${String(index).padStart(2, '0')}`)
const outs = Array.from({ length: 12 }, (_, index) => `OUT${String(index).padStart(2, '0')}`)

/** All blocks in their order. BASE are the text encoders; the others are those of an original checkpoint's U-Net. */
const blocks = ['BASE', ...ins, 'M00', ...outs]

/** The blocks that a list of so many numbers is for: those with attention of SD 1 and 2 and of SDXL, or all of them. */
const blocksByCount: ReadonlyMap<number, readonly string[]> = new Map(
  [
    ['BASE', 'IN04', 'IN05', 'IN07', 'IN08', 'M00', ...outs.slice(0, 6)],
    ['BASE', 'IN01', 'IN02', 'IN04', 'IN05', 'IN07', 'IN08', 'M00', ...outs.slice(3)],
    ['BASE', ...ins.slice(0, 9), 'M00', ...outs.slice(0, 9)],
    blocks,
  ].map((names) => [names.length, names]),
)

/** The presets that the extension comes with. */
const presets: Readonly<Record<string, string>> = {
  NONE: '0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0',
  ALL: '1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1',
  INS: '1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0',
  IND: '1,0,0,0,1,1,1,0,0,0,0,0,0,0,0,0,0',
  INALL: '1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0',
  MIDD: '1,0,0,0,1,1,1,1,1,1,1,1,0,0,0,0,0',
  OUTD: '1,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0,0',
  OUTS: '1,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,1',
  OUTALL: '1,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1',
  'ALL0.5': '0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5',
}

/**
 * Reads a preset's name or a list of 12, 17, 20 or 26 numbers into 26 (see `Adapter.blocks`); blocks that a shorter
 * list leaves out are 0. null for what is neither.
 */
export function readBlockWeights(text: string): number[] | null {
  const name = text.trim()
  const list = Object.hasOwn(presets, name) ? presets[name] : name
  const numbers = list.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  const named = blocksByCount.get(numbers.length)
  if (!named || !numbers.every(Number.isFinite)) return null
  return blocks.map((block) => (named.includes(block) ? numbers[named.indexOf(block)] : 0))
}
