/** What a number field may hold, and how it shows. */
export interface NumberFieldProps {
  label: string
  min: number
  max: number
  step: number
  /** The range that people mostly use: where the bar is empty, and where it is full. */
  softMin?: number
  softMax?: number
  /** What a typed number is rounded to, where that is finer than a step. */
  typedStep?: number
  /** For a value that may be left open (null): what shows then, and where stepping starts. */
  openText?: string
  openAt?: number
  unit?: string
}

/** One of the names to choose from; a note beside it says in a few words what choosing it does. */
export interface SelectOption<Value extends string> {
  value: Value
  label: string
  note?: string
  disabled?: boolean
}
