import type { MessageCompiler, MessageContext } from 'vue-i18n'
import { writePlain } from './numbers.ts'

type Message = (context: MessageContext<string>) => string

const known = new Map<string, Message>()

/**
 * Makes a message of its text: `{name}` is filled in, numbers with the decimal mark of the message's language, and of forms
 * between bars that of the count is taken. The texts have nothing else of vue-i18n's syntax, whose own compiler is large, and
 * reads several hundred of them for the first page.
 */
export const readMessage: MessageCompiler = (source, { locale }) => {
  const text = source as string
  const key = `${locale} ${text}`
  const message = known.get(key) ?? messageOf(text, locale)
  known.set(key, message)
  return message
}

function messageOf(text: string, language: string): Message {
  const forms = text.split(' | ').map((form) => formOf(form, language))
  return forms.length === 1 ? forms[0] : (context) => context.plural(forms.map((form) => form(context)))
}

function formOf(text: string, language: string): Message {
  // Every other piece is a name.
  const pieces = text.split(/\{(\w+)\}/)
  if (pieces.length === 1) return () => text
  return ({ named }) =>
    pieces.map((piece, at) => (at % 2 === 0 ? piece : shown(named(piece), language))).join('')
}

const shown = (value: unknown, language: string): string =>
  typeof value === 'number' ? writePlain(language, value) : String((value as string | null) ?? '')
