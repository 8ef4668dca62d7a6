import type { Begun } from '../en.ts'
import type { labRace as english } from '../en/labRace.ts'

export const labRace: Begun<typeof english> = {
  title: 'Corrida de samplers',
  sentence:
    'O mesmo ruído com os samplers que você escolher, e nenhum pode perguntar à rede mais vezes que outro.',
  settings: 'A corrida',
  name: '{sampler}, {schedule}',
  samplerOf: 'Sampler do corredor {number}',
  scheduleOf: 'Scheduler do corredor {number}',
  leave: 'Tirar {name} da corrida',
  add: 'Adicionar um corredor',
  twice: '{name} já corre.',
  evaluations: 'Avaliações',
  evaluationsHelp: 'Mais rodadas: linhas mais longas no gráfico, e cada rodada leva o dobro da anterior.',
  upTo: 'Até {count}',
  referenceRun: 'Referência',
  referenceName: 'Referência: {name}, {evaluations} avaliações',
  referenceHelp:
    'Avaliações do DPM++ 2M com o scheduler Normal, cujo fim é tido como exato. Menos: mais cedo, e nenhum erro menor é confiável.',
  go: 'Começar a corrida',
  goOn: 'Continuar a corrida',
  stop: 'Parar',
  running: {
    reference: 'A referência em {evaluations} avaliações',
    own: '{name}: {evaluations} avaliações',
    other: '{name}: {evaluations} avaliações com outro ruído',
  },
  ahead: 'Faltam {count} avaliações.',
  interrupted: 'Outra coisa foi pedida ao modelo. Faltam {count} avaliações.',
  over: 'Tudo foi corrido.',
  round: 'Avaliações das gerações mostradas',
  at: 'Depois de {at} de {of} avaliações',
  evaluation: 'Avaliação',
  play: 'Deixar que se revelem',
  pause: 'Pausar',
  ran: '{evaluations} avaliações em {steps} passos',
  error: 'a {error} da referência',
  develops: 'uma de {round} avaliações…',
  verdict: {
    open: 'uma rodada ainda não diz nada',
    converges: 'converge: ordem {order}',
    stays: 'não chega mais perto: ordem {order}',
    wanders: 'vagueia: outro ruído termina a {spread}',
  },
  curve: 'Distância à referência',
  kind: { whole: 'Gerações inteiras', inside: 'Dentro de uma geração' },
  titleWhole: 'Erro de gerações inteiras',
  titleInside: 'Erro da estimativa na geração de {round}',
  says: {
    whole:
      'Cada ponto é uma geração inteira com esse número de avaliações, e o quanto os latentes dela (desvio de cerca de 1) ficam longe da referência. Isso é convergência: quanto mais íngreme cai uma linha, maior a ordem. Uma linha tracejada vagueia: a imagem depende do ruído que ela soma, então é comparada com uma imagem entre muitas igualmente boas.',
    inside:
      'A estimativa da imagem limpa em cada avaliação dentro de uma geração, para o que nenhuma outra é necessária. Mostra como uma imagem se revela, não qual sampler é mais exato: cada estimativa termina na imagem da própria geração.',
  },
  keep: 'Guardar {count} como imagens',
  keepHelp: 'Põe na fila a imagem desta rodada de cada corredor, uma imagem comum da biblioteca.',
  queued: '{count} imagens estão na fila.',
  caption:
    '“{prompt}”, seed {seed}: o mesmo ruído com vários samplers depois de {at} de {of} avaliações, comparado com DPM++ 2M em {reference}.',
  cannot:
    'Escolha outra imagem. Para a frente e Espaço latente olham esta com qualquer modelo que leia imagens.',
  note: {
    unknown: 'O endereço cita o que não é um sampler com scheduler: {names}. Os outros correm.',
    repeated: 'O endereço cita duas vezes: {names}. Correm uma vez.',
    tooMany: 'Não correm mais de {most}: {names} ficou de fora.',
    evaluations: 'Não há uma última rodada de {asked} avaliações: foram tomadas {taken}.',
    reference: 'A referência não pode ter {asked} avaliações: foram tomadas {taken}.',
    round: 'Não há uma rodada de {asked} avaliações (há {rounds}): vê-se a mais nova.',
    start: 'Esta imagem começou com outra; a corrida começa só com o ruído dela.',
    branch: 'Esta imagem é um ramo; corre como se toda fosse desenhada como termina.',
    hires: 'Só a primeira passada corre.',
    fast: '“Rápido” fica de fora: todas as previsões são pedidas.',
    turned:
      'O que esta imagem mudou no sampler (eta, churn, rho) fica de fora: cada um corre como foi feito.',
    takes:
      'Este modelo mistura imagem e ruído em linha reta (flow). Ele aceita {samplers}; com os schedulers {schedules}. Os outros põem ruído por regras que ele não segue.',
  },
}
