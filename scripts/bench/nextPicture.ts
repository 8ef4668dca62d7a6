import type { Page } from '@playwright/test'

/**
 * Presses Generate, and waits for a picture on the canvas that was not there before. The page is not looked at frame by
 * frame, which would take the processor from what draws: what changes in it tells.
 */
export async function nextPicture(page: Page): Promise<void> {
  const shown = page.locator('[data-kind="picture"]')
  const before = await shown.evaluateAll(([image]) => image?.getAttribute('src') ?? null)
  await page.getByRole('button', { name: 'Generate', exact: true }).click()
  await page.evaluate(
    (last) =>
      new Promise<void>((resolve) => {
        const changes = new MutationObserver(look)
        function look(): void {
          const source = document.querySelector('[data-kind="picture"]')?.getAttribute('src')
          if (!source || source === last) return
          changes.disconnect()
          resolve()
        }
        changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ['src'] })
        look()
      }),
    before,
  )
}
