import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRA',
  help: 'Небольшие файлы, которые меняют то, что рисует модель. Несколько складываются.',
  add: 'Добавить LoRA',
  search: 'Искать в именах и словах-триггерах',
  none: 'Нет LoRA с такими словами.',
  more: 'ещё {count}: введите текст, чтобы найти.',
  madeFor: 'для {family}',
  strength: 'Сила: {name}',
  textLabel: 'в тексте',
  text: 'Сила {name} в кодировщиках текста',
  split: 'Другая сила в кодировщиках текста',
  join: 'Та же сила в кодировщиках текста',
  remove: 'Убрать {name}',
  inPrompt: 'в промпте, {strength}',
  exported: 'Эта модель — экспортированные сети ONNX: LoRA их не меняет. Возьмите сам чекпойнт.',
  gone: 'Этой LoRA здесь нет. Уберите её или добавьте её папку в «Моделях».',
  otherFamily: 'Сделана для {family}; модель — {model}. Выберите другую модель или уберите её.',
  fewSteps: '{method}: взять её сэмплер, {steps} шагов и CFG',
  words: 'Слова-триггеры',
  insert: 'Вставить «{word}» в промпт',
  vae: 'VAE',
  vaeHelp: 'Превращает готовые латенты в цвета. Другой меняет контраст и мелкие детали.',
  ownVae: 'Из модели',
}
