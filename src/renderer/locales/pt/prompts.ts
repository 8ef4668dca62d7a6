import type { Begun } from '../en.ts'
import type { prompts as english } from '../en/prompts.ts'

export const prompts: Begun<typeof english> = {
  forever: {
    label: 'Sem fim',
    help: 'Sem fim: uma imagem após a outra, cada uma com uma seed nova, até você cancelar uma.',
  },
  suggest: {
    label: 'Sugestões',
    count: 'nenhuma sugestão | 1 sugestão | {count} sugestões',
    kind: {
      prompt: 'seu prompt',
      embedding: 'embedding',
      lora: 'LoRA',
      wildcard: 'wildcard',
      style: 'estilo',
      tag: 'etiqueta',
    },
  },
  prompts: {
    open: 'Prompts',
    help: 'Prompts: os que você guardou com um nome e os das suas imagens.',
    search: 'Buscar nos seus prompts',
    saved: 'Guardados',
    past: 'Das suas imagens',
    none: 'Nenhum prompt tem essas palavras ainda.',
    name: 'Nome deste prompt',
    saveHelp: 'Guarda os dois prompts, como estão, com um nome.',
    replaced: '{name} agora contém este prompt.',
  },
  lists: {
    add: 'Adicionar uma lista…',
    help: 'Adicionar uma lista: etiquetas para sugerir ou estilos (.csv), ou opções de um wildcard (.txt). Também é possível soltar os arquivos na janela.',
    known: '{name} já está aqui.',
    taken: {
      tags: 'Ao escrever é sugerida 1 etiqueta de {name} | Ao escrever são sugeridas {count} etiquetas de {name}',
      wildcard: '__{name}__ agora representa 1 opção | __{name}__ agora representa uma de {count} opções',
      styles: 'Agora é possível escolher 1 estilo | Agora é possível escolher {count} estilos',
    },
  },
  presets: {
    label: 'Predefinições',
    help: 'Predefinições: todas as configurações com um nome, de volta com um clique.',
    none: 'Nada guardado ainda: dê um nome às configurações atuais.',
    name: 'Nome destas configurações',
    saveHelp: 'Guarda todas as configurações como estão. Sem prompt, aplicá-las mantém o seu.',
    kept: '{name} foi guardada.',
    applied: 'Os controles estão como em {name}.',
    update: 'Guardar as configurações atuais como {name}',
    updated: '{name} tem agora as configurações atuais.',
  },
  kept: { save: 'Guardar', forget: 'Esquecer {name}', forgotten: '{name} foi esquecido.' },
  settingsUndo: { undo: 'Desfazer a última mudança ({keys})', redo: 'Refazê-la ({keys})' },
  noise: { levels: '{steps} passos, ruído de {from} a {to}.' },
}
