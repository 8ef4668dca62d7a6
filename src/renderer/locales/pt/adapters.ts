import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRAs',
  help: 'Arquivos pequenos que mudam o que o modelo pinta. Vários se somam.',
  add: 'Adicionar um LoRA',
  search: 'Buscar em nomes e palavras de ativação',
  none: 'Nenhum LoRA tem estas palavras.',
  more: 'mais {count}: digite para encontrá-los.',
  madeFor: 'feito para {family}',
  strength: 'Força de {name}',
  textLabel: 'no texto',
  text: 'Força de {name} nos codificadores de texto',
  split: 'Outra força nos codificadores de texto',
  join: 'A mesma força nos codificadores de texto',
  remove: 'Remover {name}',
  inPrompt: 'no prompt, {strength}',
  exported: 'Este modelo são redes ONNX exportadas: nenhum LoRA pode mudá-las. Use o próprio checkpoint.',
  gone: 'Este LoRA não está aqui. Remova-o, ou adicione a pasta dele em Modelos.',
  otherFamily: 'Feito para {family}; o modelo é {model}. Escolha outro modelo, ou remova-o.',
  fewSteps: '{method}: usar o sampler dele, {steps} passos e CFG',
  words: 'Palavras de ativação',
  insert: 'Pôr “{word}” no prompt',
  vae: 'VAE',
  vaeHelp: 'Transforma os latentes prontos em cores. Outro muda o contraste e os detalhes finos.',
  ownVae: 'O do modelo',
}
