import type { TextChunk } from './pngText.ts'

/** Properties of an XMP packet (ISO 16684-1) in which programs that make pictures write, and the keywords for them. */
const properties = {
  'exif:UserComment': 'xmp UserComment',
  'xmp:CreatorTool': 'xmp CreatorTool',
  'dc:description': 'xmp description',
} as const

const longestPacket = 4 * 1024 * 1024

/** The texts of an XMP packet, each under its keyword. Values stand in attributes, elements, or lists of one. */
export function readXmp(packet: string): TextChunk[] {
  if (packet.length > longestPacket) return []
  return Object.entries(properties).flatMap(([property, keyword]) => {
    const written = attribute(packet, property) ?? element(packet, property)
    return written === undefined ? [] : [{ keyword, text: unescape(written) }]
  })
}

function attribute(packet: string, property: string): string | undefined {
  const start = packet.indexOf(`${property}="`)
  if (start < 0) return undefined
  const from = start + property.length + 2
  const end = packet.indexOf('"', from)
  return end < 0 ? undefined : packet.slice(from, end)
}

function element(packet: string, property: string): string | undefined {
  const start = packet.indexOf(`<${property}`)
  const end = start < 0 ? -1 : packet.indexOf(`</${property}>`, start)
  if (end < 0) return undefined
  const inside = packet.slice(packet.indexOf('>', start) + 1, end)
  const item = inside.indexOf('<rdf:li')
  if (item < 0) return inside
  const last = inside.indexOf('</rdf:li>', item)
  return last < 0 ? undefined : inside.slice(inside.indexOf('>', item) + 1, last)
}

const named: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" }

const unescape = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(quot|amp|lt|gt|apos));/g,
    (whole, hex, decimal, name) => {
      if (typeof name === 'string') return named[name]
      const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : String(whole)
    },
  )
