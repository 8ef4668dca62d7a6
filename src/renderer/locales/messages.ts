import type { MessageCompiler, MessageContext } from 'vue-i18n'

type Message = (context: MessageContext<string>) => string

const known = new Map<string, Message>()

/**
 * Makes a message of its text: `{name}` is filled in, and of forms between bars that of the count is taken. The texts have
 * nothing else of vue-i18n's syntax, whose own compiler is large, and reads several hundred of them for the first page.
 */
export const readMessage: MessageCompiler = (source) => {
  const text = source as string
  const message = known.get(text) ?? messageOf(text)
  known.set(text, message)
  return message
}

function messageOf(text: string): Message {
  const forms = text.split(' | ').map(formOf)
  return forms.length === 1 ? forms[0] : (context) => context.plural(forms.map((form) => form(context)))
}

function formOf(text: string): Message {
  // Every other piece is a name.
  const pieces = text.split(/\{(\w+)\}/)
  if (pieces.length === 1) return () => text
  return ({ named }) => pieces.map((piece, at) => (at % 2 === 0 ? piece : shown(named(piece)))).join('')
}

const shown = (value: unknown): string => String((value as string | number | null | undefined) ?? '')
