import type { GridAxisName, GridWithImages } from '../../shared/grids/gridCalls.ts'
import {
  cellImages,
  gridIndex,
  gridLength,
  valueLabel,
  type GridPlace,
} from '../../shared/grids/gridPlaces.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import { imageMetadata } from '../metadata/imageMetadata.ts'

/**
 * A grid as a page of HTML, a piece at a time: a table of pictures, and behind each the picture at full size with its
 * parameters. It needs no scripts and nothing from elsewhere. `source` gives the address of a picture.
 */
export async function* gridPage(
  { axes, images, createdAt, request }: GridWithImages,
  source: (image: ImageRecord, place: GridPlace) => Promise<string>,
): AsyncGenerator<string> {
  const cells = cellImages(axes, images)
  const title = escaped(request.prompt?.trim() || 'Grid')
  const label = (name: GridAxisName, index: number): string =>
    axes[name] ? escaped(valueLabel(axes[name], index)) : ''
  const [columns, rows, sheets] = (['x', 'y', 'z'] as const).map((name) =>
    Array.from({ length: gridLength(axes, name) }, (_, index) => index),
  )
  yield `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style><main id="grid"><h1>${title}</h1>
<p>${new Date(createdAt).toISOString().slice(0, 10)} · Latent Studio</p>\n`
  for (const z of sheets) {
    if (axes.z) yield `<h2>${label('z', z)}</h2>\n`
    yield '<table>'
    if (axes.x)
      yield `<tr>${axes.y ? '<td></td>' : ''}${columns.map((x) => `<th scope="col">${label('x', x)}</th>`).join('')}</tr>\n`
    for (const y of rows) {
      yield `<tr>${axes.y ? `<th scope="row">${label('y', y)}</th>` : ''}`
      for (const x of columns) {
        const place = `x${x + 1}-y${y + 1}-z${z + 1}`
        const image = cells[gridIndex(axes, { x, y, z })]
        const names = [label('x', x), label('y', y), label('z', z)].filter((name) => name !== '').join(' · ')
        yield `<td>${image ? figure(image, place, names, await source(image, { x, y, z })) : '<i>not made</i>'}</td>\n`
      }
      yield '</tr>\n'
    }
    yield '</table>\n'
  }
  yield '</main></html>\n'
}

function figure(image: ImageRecord, place: string, names: string, address: string): string {
  const [{ text }] = imageMetadata(image)
  return `<figure id="${place}"><a href="#${place}"><img src="${escaped(address)}" alt="${names}" width="${image.width}" height="${image.height}"></a>
<figcaption><h3>${names}</h3><pre>${escaped(text)}</pre><a href="#grid">Back to the grid</a></figcaption></figure>`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const style = `
:root{color-scheme:light dark;font:14px/1.4 system-ui,sans-serif;background:light-dark(#e9e9e9,#161616);color:light-dark(#1a1a1a,#ececec)}
body{margin:0}main{padding:24px}h1{margin:0;font-size:20px}h2{margin:24px 0 8px;font-size:15px}p{margin:4px 0 16px;opacity:.75}
table{border-spacing:8px}th{max-width:240px;font-weight:500;overflow-wrap:anywhere}th[scope=col]{vertical-align:bottom}th[scope=row]{text-align:right}
td{padding:0;text-align:center}td i{opacity:.75}figure{margin:0}figcaption{display:none}
img{display:block;width:auto;height:auto;max-width:256px;max-height:256px;margin:auto}
figure:target{position:fixed;inset:0;z-index:1;display:flex;background:light-dark(#e9e9e9,#161616);text-align:left}
figure:target>a{flex:1;display:grid;place-items:center;min-width:0;padding:24px;pointer-events:none}
figure:target img{max-width:100%;max-height:calc(100vh - 48px)}
figure:target figcaption{display:block;width:340px;padding:24px;overflow:auto;background:light-dark(#f6f6f6,#1e1e1e)}
figcaption h3{margin:0 0 8px;font-size:15px}pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}a{color:light-dark(#8a5000,#f2a33c)}
@media(max-width:640px){figure:target{flex-direction:column;overflow:auto}figure:target figcaption{width:auto}}
`
