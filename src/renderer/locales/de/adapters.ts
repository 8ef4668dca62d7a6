import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRAs',
  help: 'Kleine Dateien, die ändern, was das Modell malt. Mehrere addieren sich.',
  add: 'LoRA hinzufügen',
  search: 'Namen und Auslösewörter durchsuchen',
  none: 'Kein LoRA hat diese Wörter.',
  more: '{count} weitere: Tipp, um sie zu finden.',
  madeFor: 'gemacht für {family}',
  strength: 'Stärke von {name}',
  textLabel: 'im Text',
  text: 'Stärke von {name} in den Text-Encodern',
  split: 'Andere Stärke in den Text-Encodern',
  join: 'Gleiche Stärke in den Text-Encodern',
  remove: '{name} entfernen',
  inPrompt: 'im Prompt, {strength}',
  exported:
    'Dieses Modell besteht aus exportierten ONNX-Netzen: Die kann kein LoRA ändern. Nimm den Checkpoint selbst.',
  gone: 'Dieses LoRA ist nicht da. Entferne es, oder füge seinen Ordner unter Modelle hinzu.',
  otherFamily: 'Gemacht für {family}; das Modell ist {model}. Wähl ein anderes Modell, oder entferne es.',
  fewSteps: '{method}: seinen Sampler, {steps} Schritte und CFG verwenden',
  words: 'Auslösewörter',
  insert: '„{word}“ in den Prompt setzen',
  vae: 'VAE',
  vaeHelp: 'Macht aus den fertigen Latents Farben. Eine andere ändert Kontrast und feine Details.',
  ownVae: 'Die des Modells',
}
