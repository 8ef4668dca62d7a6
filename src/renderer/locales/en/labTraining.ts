/** Words of the Lab's page on training. */
export const labTraining = {
  title: 'Training',
  sentence: 'A network sees pictures under noise and learns to say what the noise was. That is all of it.',
  views: { pictures: 'Pictures', learning: 'Algorithm 1', drawing: 'Algorithm 2' },
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
  starter: 'The starter',
  starterCurve: 'The falling error of the starter’s denoiser over its training',
  starterHelp:
    'The starter learnt the same way, on latents and with captions, on a graphics card. Of its training the curve was kept, and no pictures.',
  toy: 'Train a tiny one yourself',
}
