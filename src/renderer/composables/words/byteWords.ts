import { useI18n } from 'vue-i18n'
import { writeNumber } from '../../locales/numbers.ts'

const steps = [
  { unit: 'gigabyte', bytes: 1e9, digits: 2 },
  { unit: 'megabyte', bytes: 1e6, digits: 1 },
  { unit: 'kilobyte', bytes: 1e3, digits: 0 },
  { unit: 'byte', bytes: 1, digits: 0 },
] as const

/** Sizes in words, in the units that sites and disks are sold in: 2.13 GB. */
export function useByteWords(): (bytes: number) => string {
  const { locale } = useI18n()
  return (bytes) => {
    const step = steps.find((step) => bytes >= step.bytes) ?? steps[3]
    const { unit, digits } = step
    const numbers = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    // In short "byte" has no plural.
    const unitDisplay = unit === 'byte' ? 'long' : 'short'
    const style = { style: 'unit', unit, unitDisplay, ...numbers } as const
    return writeNumber(locale.value, bytes / step.bytes, style)
  }
}
