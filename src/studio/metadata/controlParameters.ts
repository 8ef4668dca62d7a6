import type { ControlRequest, Preprocessor } from '../../shared/request/controls.ts'
import type { ResizeMode, ResolvedRequest } from '../../shared/request/request.ts'
import { usedFile } from '../../shared/request/usedFiles.ts'

/** What sd-webui-controlnet calls the preprocessors. */
export const controlModules: Readonly<Record<Preprocessor, string>> = {
  none: 'none',
  canny: 'canny',
  lineart: 'lineart_standard (from white bg & black line)',
  scribble: 'scribble_xdog',
  threshold: 'threshold',
  invert: 'invert (from white bg & black line)',
  blur: 'blur_gaussian',
  tile: 'tile_resample',
  colour: 't2ia_color_grid',
}

const modes: Readonly<Record<ControlRequest['mode'], string>> = {
  balanced: 'Balanced',
  prompt: 'My prompt is more important',
  control: 'ControlNet is more important',
}

const resizes: Readonly<Record<ResizeMode, string>> = {
  stretch: 'Just Resize',
  crop: 'Crop and Resize',
  fit: 'Resize and Fill',
}

/** "ControlNet 0" and so on, as sd-webui-controlnet writes its units into an infotext (scripts/infotext.py). */
export const controlParameters = ({ controls, files }: ResolvedRequest): [string, string][] =>
  controls.map((control, index) => {
    const hash = usedFile(files, 'controlnet', control.model)?.hash.slice(0, 8)
    const [a, b] = Object.values(control.settings)
    const values: [string, string | number | undefined][] = [
      ['Module', controlModules[control.preprocessor]],
      ['Model', hash ? `${control.model} [${hash}]` : control.model],
      ['Weight', control.weight],
      ['Resize Mode', control.image ? resizes[control.image.resizeMode] : undefined],
      ['Threshold A', a],
      ['Threshold B', b],
      ['Guidance Start', control.start],
      ['Guidance End', control.end],
      ['Pixel Perfect', 'True'],
      ['Control Mode', modes[control.mode]],
    ]
    const written = values.filter(([, value]) => value !== undefined)
    return [`ControlNet ${index}`, written.map(([key, value]) => `${key}: ${value}`).join(', ')]
  })
