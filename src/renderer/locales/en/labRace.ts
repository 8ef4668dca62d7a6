/** Words of the race of samplers. */
export const labRace = {
  title: 'Race of samplers',
  sentence:
    'The same noise under samplers of your choice, none of which may ask the network more often than another.',
  settings: 'The race',
  name: '{sampler}, {schedule}',
  samplerOf: 'Sampler of racer {number}',
  scheduleOf: 'Schedule of racer {number}',
  leave: 'Take {name} out of the race',
  add: 'Add a racer',
  twice: '{name} races already.',
  evaluations: 'Evaluations',
  evaluationsHelp:
    'More rounds: longer lines in the chart, and each round takes twice as long as the one before.',
  upTo: 'Up to {count}',
  referenceRun: 'Reference',
  referenceName: 'Reference: {name}, {evaluations} evaluations',
  referenceHelp:
    'Evaluations of DPM++ 2M over the schedule Normal, whose end is taken for exact. Fewer: sooner, and no smaller error can be trusted.',
  go: 'Start the race',
  goOn: 'Go on with the race',
  stop: 'Stop',
  running: {
    reference: 'The reference in {evaluations} evaluations',
    own: '{name}: {evaluations} evaluations',
    other: '{name}: {evaluations} evaluations with other noise',
  },
  ahead: '{count} evaluations ahead.',
  interrupted: 'Something else was asked of the model. {count} evaluations ahead.',
  over: 'All of it is run.',
  round: 'Evaluations of the runs that are seen',
  at: 'After {at} of {of} evaluations',
  evaluation: 'Evaluation',
  play: 'Let them develop',
  pause: 'Pause',
  ran: '{evaluations} evaluations in {steps} steps',
  error: '{error} from the reference',
  develops: 'one of {round} evaluations…',
  verdict: {
    open: 'one round says nothing yet',
    converges: 'converges: order {order}',
    stays: 'comes no nearer: order {order}',
    wanders: 'wanders: other noise ends {spread} away',
  },
  curve: 'Distance to the reference',
  kind: { whole: 'Whole runs', inside: 'Inside one run' },
  titleWhole: 'Error of whole runs',
  titleInside: 'Error of the guess in the run of {round}',
  says: {
    whole:
      'Every point is a whole run of that many evaluations, and how far its latents (deviation about 1) lie from the reference. This is convergence: the steeper a line falls, the higher the order. A dashed line wanders: its picture depends on the noise that it adds, so it is compared with one picture of many that are as good.',
    inside:
      'The guess of the clean picture at every evaluation inside one run, for which no further run is needed. It shows how a picture develops, not which sampler is more exact: each guess ends at its own run’s picture.',
  },
  keep: 'Keep {count} as pictures',
  keepHelp: 'Puts each racer’s picture of this round into the queue, an ordinary picture of the library.',
  queued: '{count} pictures are in the queue.',
  caption:
    '“{prompt}”, seed {seed}: the same noise under several samplers after {at} of {of} evaluations, held against DPM++ 2M in {reference}.',
  cannot:
    'Choose another picture. Forwards and Latent space look at this one with any model that can read pictures.',
  note: {
    unknown: 'The address names what is no sampler with a schedule: {names}. The others race.',
    repeated: 'The address names twice: {names}. They race once.',
    tooMany: 'No more than {most} race: {names} stayed out.',
    evaluations: 'There is no last round of {asked} evaluations: {taken} were taken.',
    reference: 'The reference cannot have {asked} evaluations: {taken} were taken.',
    round: 'There is no round of {asked} evaluations (there are {rounds}): the newest is seen.',
    start: 'This picture began with another one; the race begins with its noise alone.',
    branch: 'This picture is a branch; it is raced as if all of it were drawn as it ends.',
    hires: 'The first pass alone is raced.',
    fast: '“Fast” is left out: all predictions are asked for.',
    turned:
      'What this picture turned on its sampler (eta, churn, rho) is left out: each runs as it was made.',
    takes:
      'This is a model that mixes picture and noise in a straight line (flow). It takes {samplers}; over the schedules {schedules}. The others put noise in by rules it does not follow.',
  },
}
