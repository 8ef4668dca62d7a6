import { decodeHTML, decodeHTMLStrict } from 'entities'

/** A text as CLIP's tokenizer was trained to see it: broken encodings mended, entities read, widths made one. */
export function repairText(text: string): string {
  return decodeHTML(
    decodeHTML(
      text
        .split(/(?<=\n)/)
        .map(mendLine)
        .join(''),
    ),
  ).trim()
}

/** Repeats the mending until nothing changes, as ftfy 6 does. */
function mendLine(line: string): string {
  let text = line
  for (;;) {
    const mended = mendOnce(text)
    if (mended === text) return text
    text = mended
  }
}

function mendOnce(text: string): string {
  return text.includes('<') ? text : decodeHTMLStrict(text)
}
