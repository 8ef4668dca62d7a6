/** Ten prompts that the starter knows. */
export const tenPrompts = [
  'a red fox on a hill at sunset',
  'a green dragon on a castle',
  'an orange cat on a red chair',
  'a yellow duck in a blue hat',
  'three red balloons in the sky',
  'pixel art of a robot in the city',
  'a knight riding a white horse in a meadow',
  'a lighthouse by the sea at night',
  'a girl holding an umbrella in the rain',
  'watercolour of a penguin in the snow',
]
