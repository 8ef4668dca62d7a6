import type { FileExamination } from '../../shared/engine/examination.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import { headerTexts } from './files/headerTexts.ts'
import { identify } from './sources/identify.ts'
import { readWeightFile } from './files/weightFile.ts'
import { joinTensors } from './files/weights.ts'

/** What files are, from their headers alone: one answer for each path, whatever is wrong with it. */
export async function examineFiles(paths: readonly string[]): Promise<FileExamination[]> {
  const examinations: FileExamination[] = []
  // One after the other: a disk that hangs then holds one thread and not all.
  for (const path of paths) examinations.push(await examineHeader(path))
  return examinations
}

async function examineHeader(path: string): Promise<FileExamination> {
  try {
    const file = await readWeightFile(path)
    const { dtype } = joinTensors([file])
    return { ...identify(file), dtype, texts: headerTexts(file.metadata), problem: null }
  } catch (error) {
    return { kind: 'unknown', family: null, dtype: null, texts: null, problem: toErrorRecord(error) }
  }
}
