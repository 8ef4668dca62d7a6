import type { Words } from './en.ts'

export const pt: Words = {
  ready: (count) => (count <= 1 ? 'A imagem está pronta' : `${count} imagens estão prontas`),
  failed: 'Não foi possível fazer uma imagem',
  quitWhile: 'Uma imagem está sendo feita. Sair mesmo assim?',
  closeWhile: 'Uma imagem está sendo feita. O que fazer com ela?',
  quitDetail:
    'As imagens prontas ficam guardadas. O resto continua quando você abrir o Latent Studio de novo.',
  closeDetail:
    'Sem janela, o trabalho segue até acabar a fila; abrir o Latent Studio de novo traz a janela de volta. O que não estiver pronto ao sair continua da próxima vez.',
  keepWorking: 'Continuar trabalhando',
  goOnWithoutWindow: 'Continuar sem janela',
  quit: 'Sair',
  cancel: 'Cancelar',
  update: {
    isThere: (version) => `O Latent Studio ${version} está disponível. Baixar?`,
    detail: 'É instalado ao sair. Suas imagens, modelos e configurações continuam.',
    fetchIt: 'Baixar',
    notNow: 'Agora não',
  },
  menu: {
    file: 'Arquivo',
    newWindow: 'Nova janela',
    openDataFolder: 'Abrir a pasta de dados',
    edit: 'Editar',
    view: 'Exibir',
    help: 'Ajuda',
    licences: 'Licenças de terceiros',
  },
  roles: {
    undo: 'Desfazer',
    redo: 'Refazer',
    cut: 'Recortar',
    copy: 'Copiar',
    paste: 'Colar',
    pasteAndMatchStyle: 'Colar com o mesmo estilo',
    delete: 'Excluir',
    selectAll: 'Selecionar tudo',
    close: 'Fechar a janela',
    reload: 'Recarregar',
    resetZoom: 'Tamanho real',
    zoomIn: 'Ampliar',
    zoomOut: 'Reduzir',
    togglefullscreen: 'Tela cheia',
    about: 'Sobre o Latent Studio',
    services: 'Serviços',
    hide: 'Ocultar o Latent Studio',
    hideOthers: 'Ocultar os outros',
    unhide: 'Mostrar tudo',
    quit: 'Sair',
  },
  failure: {
    couldNotOpen: 'Não foi possível abrir o Latent Studio',
    wentWrong: 'Algo deu errado no Latent Studio',
    goesOn: (logFile) =>
      `O programa continua. Se algo não funcionar, saia e abra de novo. Os detalhes estão em ${logFile}.`,
    pageGone: 'Não é possível mostrar a janela do Latent Studio',
    pageGoneDetail: (times, reason) =>
      `A página encerrou ${times} vezes seguidas (${reason}). As imagens continuam sendo feitas. Se faltar memória, feche outros programas e escolha Exibir → Recarregar.`,
  },
  opening: {
    broughtUp: 'O histórico está sendo atualizado para esta versão: {done} de {count} imagens.',
    picturesSorted: 'As imagens estão sendo organizadas para a busca: {done} de {count}.',
    promptsSorted: 'Os prompts estão sendo organizados para a busca: {done} de {count}.',
    overwritten: 'O histórico está atualizado; o que foi excluído está sendo sobrescrito.',
    waits:
      'Outro Latent Studio está abrindo {folder} (atualizando ou reconstruindo o histórico); este continua em seguida.',
  },
}
