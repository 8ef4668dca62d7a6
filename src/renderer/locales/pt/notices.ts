import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing:
    'Faltava o banco de dados; o histórico foi refeito a partir das imagens. Recuperadas: {count}.',
  databaseEmpty:
    'O banco de dados estava vazio; o histórico foi refeito a partir das imagens. Recuperadas: {count}.',
  databaseReplaced:
    'O banco de dados estava danificado; o histórico foi refeito a partir das imagens. Recuperadas: {count}.',
  databaseKept:
    'O banco de dados estava danificado. Ele foi guardado como {file} (apague-o se nada faltar); o histórico foi refeito a partir das imagens. Recuperadas: {count}.',
  notInPictures:
    'A fila, as grades e as marcas da lixeira não puderam ser recuperadas: as imagens que estavam na lixeira estão no histórico.',
  queueIncomplete: 'A fila dele não pôde ser lida por inteiro: podem faltar trabalhos em espera.',
  trashIncomplete:
    'Nem todas as marcas da lixeira puderam ser lidas: imagens que estavam nela podem estar no histórico.',
  databaseDamaged:
    'O banco de dados está danificado ({reason}). Reinicie o Latent Studio para que seja refeito a partir das imagens.',
  entryUnread:
    'O registro da imagem {id} no histórico não pode ser lido ({reason}) e foi deixado de fora. A imagem ({file}) continua guardada; na próxima vez que abrir, o registro é refeito a partir dela, se possível.',
  entriesMade:
    'Uma imagem no disco não tinha registro legível no histórico. Agora tem. | {count} imagens no disco não tinham registro legível no histórico. Agora têm.',
  jobUnread: 'O trabalho {id} da fila não pode ser lido ({reason}) e foi deixado de fora.',
  queueUnwritten: 'A fila não pôde ser gravada. {reason}',
  unfinishedLost: 'A imagem inacabada começa de novo quando o trabalho continuar. {reason}',

  ofFile: '{file}:',
  settingsUnread: 'O arquivo não pôde ser lido ({reason}); valem as configurações padrão.',
  settingEntries: 'De “{name}” foi tirado o que não é válido: {reason}.',
  settingDefault: '“{name}” não é válido ({reason}); vale o padrão: {value}.',
  settingsKept: 'O arquivo como estava foi guardado como {file}.',
  settingsNotKept: 'Ele não pôde ser copiado ({reason}); a próxima mudança de configuração o substitui.',
  settingsUnknown: 'Desconhecido nesta versão e deixado como está: {names}.',
  optionsUnread:
    '{file} não pode ser lido; os programas desenham com as configurações usuais. Corrija-o ou retire-o.',
  listBroken: '{file} não é uma lista em JSON; nada dele pode ser usado. Corrija-o ou retire-o.',
  listKept: '{file} não era uma lista em JSON; como estava, foi guardado como {kept}.',
  listEntries: '{file}: itens ilegíveis, deixados de fora: {count}. Eles continuam no arquivo.',

  textLarge: '{file} não foi lido: tem mais de 32 MiB. Divida-o.',
  textForeign:
    '{file} não foi lido: não é texto em UTF-8, UTF-16, UTF-32 nem Windows-1252. Salve-o como UTF-8.',
  textWindows:
    '{file} não é UTF-8 e foi lido como Windows-1252. Salve-o como UTF-8 se houver letras erradas.',
  textUnread: '{file} não foi lido: {reason}.',
  stylesColumns:
    'Na primeira linha de styles.csv falta a coluna {missing} (há: {found}); os estilos não podem ser usados. Ela deveria ser name,prompt,negative_prompt.',

  modelOfImageByHash: '{name}, o modelo desta imagem, foi reencontrado pelo hash ({hash}): {path}.',
  modelOfJobByHash: '{name}, o modelo deste trabalho, foi reencontrado pelo hash ({hash}): {path}.',
  modelOfImageByName: '{name}, o modelo desta imagem, foi encontrado pelo nome: {path}.',
  modelOfJobByName: '{name}, o modelo deste trabalho, foi encontrado pelo nome: {path}.',
  modelChanged:
    'Os arquivos de {name} mudaram desde que esta imagem foi feita (era {hash}); a nova será diferente.',
  modelOther: 'Os arquivos dele não são os mesmos com que imagens foram feitas antes ({hash}).',
  fileRenamed: '{kind} {file} ({hash}) foi encontrado pelo hash: aqui se chama {name}.',
  fileOther: '{kind} {file} ({hash}) é aqui outro arquivo de mesmo nome; a imagem será diferente.',
  upscalerRenamed: 'O ampliador “{file}” agora se chama “{name}”; o conteúdo é o mesmo.',
  upscalerOther:
    'O ampliador “{file}” não é o mesmo arquivo com que esta imagem foi feita: os pixels podem variar.',
  defaultsUnread:
    'Os valores iniciais de {file} não podem ser lidos e foram deixados de fora. Defina-os de novo.',

  folderMissing:
    'A pasta de modelos {folder} não está lá ou não pode ser lida; os modelos dela faltam na lista. Veja se o disco está conectado e procure de novo, ou retire-a das pastas.',
  folderSilent:
    'A pasta de modelos {folder} não responde; podem faltar modelos na lista. Escolha uma pasta que tenha sobretudo modelos.',
  folderSlow:
    'A pasta de modelos {folder} demorou demais para ser percorrida; podem faltar modelos na lista. Escolha uma pasta que tenha sobretudo modelos.',
  folderLarge:
    'A pasta de modelos {folder} tem mais arquivos e pastas do que se percorre; podem faltar modelos na lista. Escolha uma pasta que tenha sobretudo modelos.',
  extraPathsUnread:
    '{file} não pode ser lido ({reason}); as pastas de modelos que ele cita foram deixadas de fora. Corrija-o e procure os modelos de novo.',
  extraPathsLong:
    '{file} é longo demais ({size} bytes); as pastas de modelos que ele cita foram deixadas de fora. Corrija-o e procure os modelos de novo.',
  downloadUnread:
    '{file} não pode ser lido; este download foi deixado de fora. Apague o arquivo e comece de novo.',
  mirrorIgnored: 'HF_ENDPOINT não é usado: precisa ser um endereço que comece com https://.',

  importsFailed: 'As pastas de imagens não puderam ser percorridas: {reason}',
  importsCut: '{folder} não foi percorrida até o fim.',
  importsMissing:
    '{path} não está lá ou não pode ser lido. As imagens continuam conhecidas; veja se o disco está conectado, ou retire {folder} das pastas.',
  importsLarge:
    '{folder} tem mais arquivos e pastas do que se percorre. Escolha uma pasta que tenha sobretudo imagens.',
  importsEmpty:
    '{folder} agora está vazia. A imagem dela continua conhecida; veja se o disco está conectado, ou retire-a das pastas. | {folder} agora está vazia. As {count} imagens dela continuam conhecidas; veja se o disco está conectado, ou retire-a das pastas.',
  importUnread:
    '{file} não pôde ser lido ({reason}). Verifique as permissões do arquivo; na próxima vez se tenta de novo.',
  importsUnread:
    '{file} e mais um arquivo não puderam ser lidos ({reason}). Verifique as permissões; na próxima vez se tenta de novo. | {file} e mais {count} não puderam ser lidos ({reason}). Verifique as permissões; na próxima vez se tenta de novo.',

  deviceGivenUp:
    '{device} falhou duas vezes; o trabalho continua, mais devagar, na CPU. Escolha CPU como dispositivo para poupar as tentativas. {reason}',
  deviceTooSmall: 'O trabalho continua, mais devagar, na CPU. {reason}',
  turboOnCard: 'O Turbo é para a CPU: em {device} a imagem foi calculada como de costume.',
  turboOnGraphs:
    'O Turbo precisa dos pesos de um modelo: este vem como grafos ONNX e foi calculado como de costume.',
  otherWidening:
    'Não há memória para calcular como esta imagem foi calculada: os pesos ficam no arquivo. Alguns valores da nova podem variar em um nível de 256.',
  otherGuidance:
    'Nesta imagem as duas previsões de CFG foram calculadas juntas, o que agora não é possível aqui: são feitas uma após a outra. Alguns valores da nova podem variar um pouco.',
  previewsCoarse: 'As prévias são grosseiras. {reason}',
  adapterLeftOut:
    'Estes tensores de {name} ({path}) não correspondem a nada neste modelo e foram deixados de fora: {tensors}.',
  halfOverflowed:
    'O autoencoder (VAE) do modelo não deu imagem em meia precisão (float16); os latentes foram decodificados de novo em float32. Uma exportação em float32 poupa esse tempo.',
  decodedOnCpu:
    '{device} não fez imagem dos latentes prontos; eles foram decodificados de novo na CPU, em float32. Escolha CPU como dispositivo se isso acontecer muito.',

  farmAway:
    'O Redis da fazenda ({redis}) não responde. Os trabalhos esperam no estúdio e continuam quando ele voltar.',
  pausesUnread: '{file} não pode ser entendido; nenhum worker está mais pausado. Pause-os de novo.',

  updateReady: 'O Latent Studio {version} foi baixado. Ele é instalado ao sair.',
  updateFailed:
    'Não foi possível baixar uma versão mais nova ({reason}). Nada mudou; tenta-se de novo na próxima vez que abrir.',
}
