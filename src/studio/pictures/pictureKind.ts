/** Kinds of files that are no start pictures, and how they begin. */
const beginnings: readonly { kind: string; begins: RegExp }[] = [
  { kind: 'a HEIC picture (HEIF with HEVC)', begins: /^[^]{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)/ },
  { kind: 'a raw photograph (CR3)', begins: /^[^]{4}ftypcrx / },
  {
    kind: 'a film',
    begins: /^(?:[^]{4}ftyp(?:isom|iso\d|mp4|mp42|M4V|qt {2}|avc1|3gp)|\x1aE\xdf\xa3|RIFF[^]{4}AVI )/,
  },
  { kind: 'a JPEG XL picture', begins: /^(?:\xff\x0a|\0\0\0\x0cJXL )/ },
  { kind: 'a JPEG 2000 picture', begins: /^(?:\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/ },
  { kind: 'a Photoshop file', begins: /^8BPS/ },
  { kind: 'a Windows icon', begins: /^\0\0[\x01\x02]\0/ },
  { kind: 'a PDF document', begins: /^%PDF/ },
  { kind: 'a PNM picture', begins: /^P[1-7]\s/ },
  { kind: 'an OpenEXR picture', begins: /^\x76\x2f\x31\x01/ },
  { kind: 'a Radiance HDR picture', begins: /^#\?RADIANCE/ },
  { kind: 'a Windows bitmap (BMP)', begins: /^BM/ },
  { kind: 'a DDS texture', begins: /^DDS / },
  { kind: 'a GIMP file', begins: /^gimp xcf/ },
  { kind: 'a ZIP archive', begins: /^PK\x03\x04/ },
]

/** What a file is by its first bytes, of the kinds that people try to start from and that are not read; null: none of them. */
export function unreadKind(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 32)).toString('latin1')
  return beginnings.find(({ begins }) => begins.test(start))?.kind ?? null
}
