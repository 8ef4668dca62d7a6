import type { Begun } from '../en.ts'
import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: Begun<typeof english> = {
  title: 'Treino',
  sentence: 'Uma rede vê imagens sob ruído e aprende a dizer qual era o ruído. É só isso.',
  views: { pictures: 'Passos', starters: 'Starters', learning: 'Algoritmo 1', drawing: 'Algoritmo 2' },
  says: {
    learning:
      'Como ela aprende: pegue uma imagem, um passo e ruído, misture de uma vez, e corrija a rede tanto quanto a estimativa dela do ruído errou.',
    drawing:
      'Como ela desenha: do ruído puro, tire um pouco do ruído que a rede vê, devolva menos ruído novo, e de novo. No último passo nada é devolvido.',
  },
  caption: 'Depois de {step} de {of} passos, todas do mesmo ruído.',
  checkpoint: 'Passos de treino',
  pixels:
    'São as imagens do “Starter, pixels”, que vem com o estúdio: 32 × 32 pixels, sem palavras, treinado com cenas desenhadas por um programa.',
  curves: 'O quanto ela acerta',
  loss: 'loss',
  lossTitle: 'Loss por passos',
  now: 'neste passo',
  end: 'no fim',
  errorTitle: 'Erro por passo de tempo, cenas não vistas',
  errorHelp:
    'Com muito ruído (direita) o ruído é fácil de ver e a imagem difícil de adivinhar; com pouco ruído (esquerda) é o contrário.',
  starterCaption: 'Starter {which} de {of}: {side} × {side} pixels, com {kinds} tipos de coisas aprendidas.',
  whichStarter: 'Qual starter',
  startersHelp:
    'Cada starter que este projeto treinou, com as mesmas nove imagens pedidas: seed 1, 20 passos de DDIM, CFG 4, o motor de hoje. São modelos próprios, de treinos próprios, e não checkpoints de um só; os pesos no caminho não foram guardados.',
  asked: 'O que foi pedido a eles',
  askedHelp:
    'Da esquerda para a direita, fileira por fileira. O que as três últimas citam, uma raposa, um chapéu e um cavalo, só o mais novo aprendeu a desenhar. Imagens de 128 × 128 são mostradas ampliadas; o mais novo parte de um ruído maior, então o seed 1 dele é outro.',
  starterCurveTitle: 'Como o mais novo aprendeu',
  starterCurve: 'O erro decrescente do denoiser do starter ao longo do treino',
  starterHelp:
    'Os starters aprendem como o modelo de pixels, mas em latentes e com legendas; o mais novo fez isso em uma placa de vídeo, dos pesos de um anterior. Desse treino ficou este desenho, sem os números: a loss em 2.870 passos, em escala logarítmica.',
  toy: 'Treine você um minúsculo',
}
