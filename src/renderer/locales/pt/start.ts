import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: 'Solte, cole ou escolha uma imagem',
  release: 'Solte para começar dela',
  reading: 'Lendo a imagem…',
  alt: 'A imagem inicial',
  size: '{width} × {height}',
  takeShape: 'Desenhar na forma dela: {width} × {height}',
  found: 'O arquivo diz como ela foi feita ({source}).',
  useFound: 'Usar isso',
  useFoundHelp: 'Preenche os controles com as configurações do arquivo e remove a imagem inicial.',
  noise: '{share} de ruído',
  noiseHelp: 'Quanto do ponto de partida é ruído, pela variância; o resto é a imagem.',
  noised: 'A imagem inicial com {share} de ruído, como o modelo a vê',
  seeNoise: 'Ver o ruído',
  seeNoiseHelp: 'Mostra a imagem com o ruído de que esta força parte, como o modelo a vê.',
  looking: 'O modelo está olhando a imagem…',
  change: {
    crop: '{share} são cortados',
    fit: '{share} são acrescentados: as bordas dela, prolongadas',
    stretch: 'Esticada em {share}',
  },
  seeFitting: 'Ver na tela',
  seeFittingHelp: 'Mostra na tela como a imagem é usada neste tamanho, enquanto você muda um ou outro.',
  fitted: 'A imagem inicial como é usada, em {width} × {height}: {change}',
  backFromFitting: 'Voltar à última imagem',
}
