/**
 * `npm run bench`: speed and memory, for reading. Nothing is asserted.
 *
 *   npm run bench             the starter model: its first picture, and what the pipeline costs
 *   npm run bench -- unet     a full-size SD 1.5 U-Net with random weights: loading, evaluation, guidance both ways on a card, memory
 *   npm run bench -- forms --device webgpu   the layers of SD 1.5 and SDXL in every form a card can compute them in
 *   npm run bench -- pictures --device webgpu   how near the starter's pictures on a device come to those of the CPU
 *   npm run bench -- opening   the same U-Net opened in several ways, as ratios of one run
 *   npm run bench -- first    full-size SD 1.5 and SDXL with random weights: from the engine's start to the first step
 *   npm run bench -- history   start, search, facets and pages of a history of 200,000 pictures
 *   npm run bench -- library   200,000 pictures in the window: blank cells and long tasks while it is scrolled from end to end
 *   npm run bench -- memory   estimated and measured peak of runs of many sizes
 *   npm run bench -- turbo    what 8 bits save and cost on the starter, as ratios and similarities of ten pictures
 *   npm run bench -- live     typing in the window: from the last key to the draft on the canvas
 *   npm run bench -- lab      the Lab in the window: its first open, and frames a second while its slider is dragged
 *   npm run bench -- window   the window: when it can be used, long tasks, what it takes from a picture, memory over 500 pictures
 *   npm run bench -- fast     what "Fast" saves and costs on the starter, at 20 and 30 steps
 *   npm run bench -- beside   whether a picture decoded beside the next one's evaluations is sooner done
 *   npm run bench -- zimage   a full-size Z-Image with random weights: opening, evaluation, text, decoder, memory
 *   npm run bench -- klein    the same of a FLUX.2-klein-4B
 *   npm run bench -- weights  a layer by the form of its weights and the way they are written, as ratios
 *   npm run bench -- api      200 status requests a second and 500 open streams of events, and a window's calls beside them
 *   npm run bench -- start    from `npm run serve` to the window, and from Generate to the first picture, all cold
 *   npm run bench -- farm     pictures that wait on 1, 2 and 4 workers, what the queue adds, and with a worker killed every 5 s
 *   npm run bench -- NAME --device webgpu
 */
const benchmarks: Record<string, () => Promise<unknown>> = {
  starter: () => import('./bench/starter.ts'),
  unet: () => import('./bench/unet.ts'),
  forms: () => import('./bench/forms.ts'),
  pictures: () => import('./bench/pictures.ts'),
  opening: () => import('./bench/opening.ts'),
  first: () => import('./bench/firstStep.ts'),
  history: () => import('./bench/history.ts'),
  library: () => import('./bench/library.ts'),
  start: () => import('./bench/start.ts'),
  api: () => import('./bench/api.ts'),
  fast: () => import('./bench/fast.ts'),
  beside: () => import('./bench/beside.ts'),
  memory: () => import('./bench/memory.ts'),
  turbo: () => import('./bench/turbo.ts'),
  lab: () => import('./bench/lab.ts'),
  live: () => import('./bench/live.ts'),
  window: () => import('./bench/window.ts'),
  zimage: () => import('./bench/zimage.ts'),
  klein: () => import('./bench/klein.ts'),
  weights: () => import('./bench/weights.ts'),
  farm: () => import('./bench/farm.ts'),
  tokenizer: () => import('./bench/tokenizer.ts'),
}

export {}

const wanted = process.argv[2]?.startsWith('--') ? 'starter' : (process.argv[2] ?? 'starter')
if (benchmarks[wanted]) await benchmarks[wanted]()
else {
  console.error(`There is no benchmark "${wanted}"; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exitCode = 2
}
