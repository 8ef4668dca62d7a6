import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What fades in is for axe not there yet, and its contrast is not the final one. Endless animations are not waited for. */
function untilAtRest(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
}

/**
 * What axe finds against WCAG 2.2 A and AA, contrast included.
 * @param within a selector: only there. An open list hides all else, which axe takes for out of reach only below a dialog.
 */
export async function violations(page: Page, within?: string): Promise<string[]> {
  await untilAtRest(page)
  await page.evaluate(axe)
  const found = await page.evaluate<AxeResults>(
    `axe.run(${within ? JSON.stringify(within) : 'document'}, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}
