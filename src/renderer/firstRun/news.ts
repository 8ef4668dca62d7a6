/**
 * What is new, told once to whoever made pictures before it was there. Another list (with words under `firstRun.news`) gets
 * the next number.
 */
export const news = {
  edition: 1,
  points: ['grids', 'prompt', 'mask', 'library', 'pause', 'languages'],
} as const
