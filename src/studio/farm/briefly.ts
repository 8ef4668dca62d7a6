/**
 * Makes a question that gets the answer it got before for `ms` more: what many images ask one after the other is looked up
 * once. A failure is not remembered.
 */
export function briefly<Answer>(
  ms: number,
  ask: (what: string) => Promise<Answer>,
): (what: string) => Promise<Answer> {
  const known = new Map<string, { answer: Promise<Answer>; until: number }>()
  return (what) => {
    const now = performance.now()
    const before = known.get(what)
    if (before && before.until > now) return before.answer
    for (const [old, { until }] of known) if (until <= now) known.delete(old)
    const answer = ask(what)
    known.set(what, { answer, until: now + ms })
    answer.catch(() => known.delete(what))
    return answer
  }
}
