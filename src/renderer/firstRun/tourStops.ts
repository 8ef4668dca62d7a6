/** What the tour shows, in its order: the elements that carry the name as `data-tour`, with words under `firstRun.stops`. */
export const tourStops = ['prompt', 'settings', 'generate', 'canvas', 'pages'] as const
