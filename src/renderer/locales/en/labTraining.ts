/** Words of the Lab's page on training. */
export const labTraining = {
  title: 'Training',
  sentence: 'A network sees pictures under noise and learns to say what the noise was. That is all of it.',
  views: { pictures: 'Steps', starters: 'Starters', learning: 'Algorithm 1', drawing: 'Algorithm 2' },
  says: {
    learning:
      'How it learns: take a picture, a step and noise, mix them in one go, and correct the network by how far its guess of the noise is off.',
    drawing:
      'How it draws: from pure noise, take out a little of the noise the network sees, put less fresh noise back, and again. None is put back at the last step.',
  },
  caption: 'After {step} of {of} steps, all from the same noise.',
  checkpoint: 'Steps of training',
  pixels:
    'These are the pictures of “Starter, pixels”, which comes with the studio: 32 × 32 pixels, no words, trained on scenes that a program drew.',
  curves: 'How well it guesses',
  loss: 'loss',
  lossTitle: 'Loss over steps',
  now: 'at this step',
  end: 'at the end',
  errorTitle: 'Error by timestep, unseen scenes',
  errorHelp:
    'In much noise (right) the noise is easy to see and the picture hard to guess; in little noise (left) it is the other way round.',
  starterCaption: 'Starter {which} of {of}: {side} × {side} pixels, taught {kinds} kinds of things.',
  whichStarter: 'Which starter',
  startersHelp:
    'Each starter this project trained, asked for the same nine pictures: seed 1, 20 steps of DDIM, guidance 4, today’s engine. They are models of their own, from trainings of their own, and not checkpoints of one; the weights on the way were not kept.',
  asked: 'What they were asked',
  askedHelp:
    'From left to right, row by row. What the last three name, a fox, a hat and a horse, only the newest learnt to draw. Pictures of 128 × 128 are shown enlarged; the newest begins from larger noise, so its seed 1 is another one.',
  starterCurveTitle: 'How the newest learnt',
  starterCurve: 'The falling error of the starter’s denoiser over its training',
  starterHelp:
    'The starters learn as the model of pixels does, but on latents and with captions; the newest did on a graphics card, from weights of an earlier one. Of that training this drawing was kept, without its numbers: the loss over 2,870 steps, on a logarithmic scale.',
  toy: 'Train a tiny one yourself',
}
