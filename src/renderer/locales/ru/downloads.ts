import type { Begun } from '../en.ts'
import type { downloads as english } from '../en/downloads.ts'

export const downloads: Begun<typeof english> = {
  title: 'Загрузки',
  hint: 'С Hugging Face или Civitai. Ничего не скачивается, пока вы не увидите, что это.',
  link: 'Ссылка на модель или её имя на Hugging Face',
  example: 'Ссылка или stabilityai/stable-diffusion-xl-base-1.0',
  look: 'Посмотреть',
  looking: 'Смотрим…',
  to: 'Папка',
  ownFolder: 'Папка Latent Studio',
  plan: {
    label: 'Что будет скачано',
    page: 'Страница',
    revision: 'Ревизия',
    licence: 'Лицензия',
    noLicence: 'не указана: прочитайте страницу',
    target: 'Попадёт в',
    size: 'Скачать',
    ofTotal: '{size} из {total}; остальное есть в кэше этого компьютера',
    free: 'свободно {free}',
    noRoom: 'На диске свободно только {free}. Освободите место или выберите другую папку.',
    files: 'нет файлов | {count} файл | {count} файла | {count} файлов',
    fromCache: 'в кэше',
    leftOut:
      'другие файлы не нужны | ещё {count} файл не нужен ({size}) | ещё {count} файла не нужны ({size}) | ещё {count} файлов не нужны ({size})',
    present: 'Это у вас уже есть: {path}',
    choose: 'По этой ссылке несколько файлов. Какой взять?',
    others: 'Другие файлы по этой ссылке',
    start: 'Скачать {size}',
  },
  token: {
    needed: {
      huggingface:
        'Эта модель доступна после согласия с условиями. Примите их на её странице, создайте токен в настройках Hugging Face и вставьте его сюда.',
      civitai:
        'Civitai отдаёт файлы тем, кто вошёл. Создайте там ключ API в настройках учётной записи и вставьте его сюда.',
    },
    label: { huggingface: 'Токен Hugging Face', civitai: 'Ключ API Civitai' },
    give: 'Использовать',
    keptAs: {
      keychain: 'хранится, зашифрован системой',
      session: 'известен, пока Latent Studio не закрыта',
      environment: 'из окружения',
    },
    willBeKept: 'Система хранит его зашифрованным; отправляется он только на этот сайт.',
    willBeForgotten:
      'Он остаётся в памяти, пока Latent Studio не закрыта, и отправляется только на этот сайт.',
    forget: 'Забыть: {site}',
  },
  state: {
    waiting: 'Ждёт',
    running: '{done} из {total}',
    checking: 'Проверяем байты…',
    paused: 'Пауза: {done} из {total}',
    failed: 'Отклонено',
    done: 'Готово: {path}',
  },
  speed: '{size}/с',
  startedOver: 'Сервер отдаёт только целые файлы, поэтому после обрыва этот начался сначала.',
  list: 'Загрузки',
  pause: 'Приостановить: {title}',
  resume: 'Продолжить: {title}',
  retry: 'Скачать заново: {title}',
  cancel: 'Отменить {title} и удалить скачанное',
  dismiss: 'Убрать {title} из списка',
  first: {
    title: 'С чего начать',
    facts: '{size} · {licence}',
    memory: 'около {memory} ГБ памяти на CPU',
    about: {
      sd15: 'Классика: 512 × 512, и большинство LoRA сделаны для неё.',
      sdxl: 'Картинки крупнее, 1024 × 1024, и насыщеннее.',
      lightning: 'SDXL за 4 шага: сэмплер Euler, планировщик SGM Uniform, CFG 1.',
      lcmLora: 'Подходит к любой модели Stable Diffusion 1.5: картинки за 4–8 шагов.',
      sdxlVae: 'Подходит к любой модели SDXL: декодирует в половинной точности без чёрных картинок.',
    },
    look: 'Посмотреть {name}',
  },
}
