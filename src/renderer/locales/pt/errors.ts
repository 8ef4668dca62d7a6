import type { ErrorCode } from '../../../shared/errors.ts'

export const errorHere: Record<ErrorCode, string> = {
  'bad-request': 'Um valor não pode ser usado: corrija-o como indicado abaixo.',
  'bad-init-image': 'Esta imagem não pode ser usada: escolha outra em PNG, JPEG ou WebP.',
  'bad-list':
    'Esta lista não pode ser adicionada: use etiquetas ou estilos em .csv, ou um wildcard em .txt, com até 32 MiB.',
  'bad-metadata': 'Os parâmetros gravados na imagem não podem ser lidos.',
  'bad-checkpoint': 'Este arquivo de modelo está danificado ou incompleto.',
  'pickle-refused': 'Este tipo de arquivo pode conter código e não é aberto: use a versão .safetensors.',
  'not-a-checkpoint': 'Este arquivo não é um modelo que desenha.',
  'does-not-fit': 'O arquivo escolhido não combina com este modelo, ou não está mais no lugar.',
  'misplaced-file': 'Este arquivo está na pasta de outro tipo: mova-o para a certa.',
  'missing-part': 'Falta uma parte a este modelo.',
  'missing-weight': 'Faltam dados no arquivo do modelo: baixe-o de novo, ou escolha outro modelo.',
  'mis-shaped-weight':
    'O arquivo do modelo não corresponde à sua estrutura: baixe-o de novo, ou escolha outro modelo.',
  'unsupported-model': 'Esta versão não consegue executar este modelo ou esta configuração.',
  'not-found': 'O que se pede não está mais aqui: ponha de volta, ou escolha outra coisa.',
  'bad-image':
    'O resultado não é uma imagem e não foi salvo: tente outra semente, outras configurações ou outro dispositivo.',
  'device-unavailable': 'O dispositivo escolhido não existe nesta máquina.',
  'out-of-memory': 'Falta memória: faça a imagem menor, feche outros programas ou use um modelo menor.',
  'card-too-small':
    'A memória da placa de vídeo não basta: faça a imagem menor, ou escolha CPU nas configurações.',
  'engine-crashed': 'O motor terminou no meio do trabalho.',
  interrupted: 'O estúdio foi fechado antes de terminar esta imagem.',
  cancelled: 'Cancelado.',
  'disk-full': 'O disco está cheio: libere espaço e tente de novo.',
  'read-only': 'Não é possível gravar aqui: verifique as permissões da pasta.',
  'database-locked': 'Outro programa usa o banco de dados do histórico: feche-o e tente de novo.',
  'corrupt-database': 'O banco de dados do histórico está danificado.',
  unreachable: 'O site não responde: verifique a rede e tente de novo.',
  'login-needed': 'É preciso entrar na conta lá, ou aceitar os termos.',
  'bad-download': 'O que chegou não é o prometido e foi apagado: tente mais tarde.',
  forbidden: 'Isto não é permitido aqui.',
  disconnected: 'A conexão com o estúdio caiu.',
  internal: 'Algo falhou no próprio estúdio.',
}
