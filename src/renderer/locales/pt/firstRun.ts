import type { Begun } from '../en.ts'
import type { firstRun as english } from '../en/firstRun.ts'

export const firstRun: Begun<typeof english> = {
  help: 'Primeiros passos',
  tour: 'Fazer o passeio',
  end: 'Encerrar o passeio',
  at: '{at} de {of}',
  next: 'Próximo',
  back: 'Voltar',
  done: 'Pronto',
  stops: {
    prompt: {
      title: 'Diga o que quer ver',
      text: 'Palavras simples bastam. Abaixo aparece quantos tokens o modelo lê; {heavier} dá mais peso a uma palavra.',
    },
    settings: {
      title: 'Dê forma',
      text: 'As configurações já são certas para o modelo. Cada uma tem uma frase de ajuda, e um ponto marca o que você mudou: um clique nele desfaz.',
    },
    generate: {
      title: 'Gere',
      text: 'Um clique faz a imagem; mais cliques esperam na fila. O raio desenha enquanto você escreve.',
    },
    canvas: {
      title: 'Veja a imagem se revelar',
      text: 'A imagem fica mais nítida a cada passo. Abaixo está como seguir: gerar de novo, começar dela, ampliar.',
    },
    pages: {
      title: 'Todo o resto',
      text: 'A biblioteca guarda cada imagem com suas configurações, Modelos mostra com o que você pinta e o Laboratório, como funciona. {palette} encontra tudo pelo nome, {shortcuts} mostra as teclas.',
    },
  },
  newsLine: 'O Latent Studio aprendeu coisas novas.',
  newsShow: 'Novidades',
  newsTitle: 'Novidades',
  news: {
    grids: {
      title: 'Grades',
      text: 'A mesma imagem com até três parâmetros, lado a lado: a seção “Grade” em Criar.',
    },
    prompt: {
      title: 'Prompts que mostram o que o modelo lê',
      text: 'Tokens, blocos e pesos em cores, sugestões enquanto você digita e uma biblioteca dos seus prompts.',
    },
    mask: {
      title: 'Repintar uma parte',
      text: 'Pincel, laço e bordas suaves sobre uma imagem inicial; arraste as bordas dela para ir além.',
    },
    library: {
      title: 'Uma biblioteca que encontra',
      text: 'Estrelas, etiquetas, álbuns e buscas como “steps>30”; compare imagens e veja o que difere.',
    },
    pause: {
      title: 'Pausar no meio da imagem',
      text: 'E continuar depois, mesmo após reiniciar, até os mesmos pixels.',
    },
    languages: {
      title: 'Mais idiomas',
      text: 'Mais sete, que ninguém que cresceu com eles revisou ainda: escolha o seu nas configurações.',
    },
  },
}
