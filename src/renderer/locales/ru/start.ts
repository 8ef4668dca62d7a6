import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: 'Перетащите, вставьте или выберите картинку',
  release: 'Отпустите, чтобы начать с неё',
  reading: 'Картинка читается…',
  alt: 'Исходная картинка',
  size: '{width} × {height}',
  takeShape: 'Рисовать в её форме: {width} × {height}',
  found: 'В файле записано, как она сделана ({source}).',
  useFound: 'Взять это',
  useFoundHelp: 'Заполнить панель настройками из файла и убрать исходную картинку.',
  noise: '{percent} % шума',
  noiseHelp: 'Какая часть начальных данных — шум (по дисперсии); остальное — изображение.',
  noised: 'Исходная картинка с {percent} % шума, какой её видит модель',
  seeNoise: 'Показать шум',
  seeNoiseHelp: 'Показывает картинку с тем шумом, с которого начинает такая сила, какой её видит модель.',
  looking: 'Модель смотрит на картинку…',
  change: {
    crop: 'Отрезается {percent} %',
    fit: 'Добавляется {percent} %: её продолженные края',
    stretch: 'Растянута на {percent} %',
  },
  seeFitting: 'Показать на холсте',
  seeFittingHelp:
    'Показывает на холсте, как картинка будет использована в этом размере, пока вы меняете одно или другое.',
  fitted: 'Исходная картинка, какой она будет использована, {width} × {height}: {change}',
  backFromFitting: 'Назад к последней картинке',
}
