import type { GenerationRequest } from '../../../../shared/request/request.ts'
import type { useForm } from '../../../stores/form.ts'
import type { NumberFieldProps, SelectOption } from '../../controls/fields/fields.ts'

/** What a field of the form is: said once, and shown by `FormField`. */
interface Described {
  label: string
  help?: string
  /** It has nothing to say as the form stands. */
  isHidden?: boolean
  /** The value as it is shown, and back, where that is not the field's own; both or neither. */
  value?: unknown
  set?: (shown: never) => void
  /** Whether it differs from what is usual, and what leads back there, where the place of the field does not know. */
  changed?: boolean
  reset?: () => void
}
type Control =
  | ({ kind: 'number' } & Omit<NumberFieldProps, 'label'>)
  | { kind: 'select'; options: readonly SelectOption<string>[]; common?: readonly string[] }
  | { kind: 'choice'; options: readonly { value: string; label: string }[] }
export type FieldDescription = Described & Control

/** Where values of the form lie: in the request itself or in a part of it. */
export interface Place<Name> {
  read(field: Name): unknown
  write(field: Name, value: unknown): void
  isChanged(field: Name): boolean
  reset(field: Name): void
}

/** A line of the form: what it is, with what became of it. Its control may be one of its own, in the line's slot. */
export interface Line extends Omit<Described, 'value' | 'set'> {
  changed: boolean
  reset: () => void
}
/** A line with its control, as that is described, and its value. */
export interface Row extends Line {
  control: Control
  value: unknown
  set: (shown: unknown) => void
}

/** The lines of fields that lie in one place. */
export function rowsOf<Name extends string>(
  fields: Record<Name, FieldDescription>,
  place: Place<NoInfer<Name>>,
): Record<Name, Row> {
  const rowOf = (name: Name): Row => {
    const field: FieldDescription = fields[name]
    const { label, help, isHidden, value, set, changed, reset, ...control } = field
    return {
      ...{ label, help, isHidden, control },
      value: set ? value : place.read(name),
      set: (shown) => (set ? set(shown as never) : place.write(name, shown)),
      changed: changed ?? place.isChanged(name),
      reset: reset ?? (() => place.reset(name)),
    }
  }
  const names = Object.keys(fields) as Name[]
  return Object.fromEntries(names.map((name) => [name, rowOf(name)])) as Record<Name, Row>
}

/** The request itself. */
export const placeOf = (form: ReturnType<typeof useForm>): Place<keyof GenerationRequest> => ({
  read: (field) => form.request[field],
  write: (field, value) => (form.request = { ...form.request, [field]: value }),
  isChanged: form.isChanged,
  reset: form.reset,
})

/** A part of the request, which is written as a whole; a value that is left open (null) becomes the usual one. */
export const placeIn = <Values extends object>(
  values: Values,
  usual: Values,
  change: (changed: Partial<Values>) => void,
): Place<keyof Values> => {
  const write = (field: keyof Values, value: unknown): void =>
    change({ [field]: value ?? usual[field] } as Partial<Values>)
  return {
    read: (field) => values[field],
    write,
    isChanged: (field) => values[field] !== usual[field],
    reset: (field) => write(field, null),
  }
}

/** Of numbers between 0 and 1, by hundredths or twentieths. */
export const share = (step: number) => ({ kind: 'number' as const, min: 0, max: 1, step })
