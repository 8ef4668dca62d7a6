import type { Words } from './en.ts'

export const ru: Words = {
  ready: (count) => (count === 1 ? 'Картинка готова' : `Готово картинок: ${count}`),
  failed: 'Картинку создать не удалось',
  quitWhile: 'Создаётся картинка. Всё равно выйти?',
  closeWhile: 'Создаётся картинка. Что с ней делать?',
  quitDetail: 'Готовые картинки сохраняются. Остальное продолжится, когда вы снова откроете Latent Studio.',
  closeDetail:
    'Без окна работа идёт, пока очередь не кончится; если снова открыть Latent Studio, окно вернётся. Не законченное при выходе продолжится в следующий раз.',
  keepWorking: 'Работать дальше',
  goOnWithoutWindow: 'Продолжить без окна',
  quit: 'Выйти',
  cancel: 'Отмена',
  update: {
    isThere: (version) => `Вышла новая версия Latent Studio ${version}. Скачать?`,
    detail: 'Она установится при выходе. Картинки, модели и настройки останутся.',
    fetchIt: 'Скачать',
    notNow: 'Не сейчас',
  },
  menu: {
    file: 'Файл',
    newWindow: 'Новое окно',
    openDataFolder: 'Открыть папку данных',
    edit: 'Правка',
    view: 'Вид',
    help: 'Справка',
    licences: 'Лицензии третьих сторон',
  },
  roles: {
    undo: 'Отменить',
    redo: 'Повторить',
    cut: 'Вырезать',
    copy: 'Копировать',
    paste: 'Вставить',
    pasteAndMatchStyle: 'Вставить и согласовать стиль',
    delete: 'Удалить',
    selectAll: 'Выбрать всё',
    close: 'Закрыть окно',
    reload: 'Перезагрузить',
    resetZoom: 'Фактический размер',
    zoomIn: 'Увеличить',
    zoomOut: 'Уменьшить',
    togglefullscreen: 'Полноэкранный режим',
    about: 'О программе Latent Studio',
    services: 'Службы',
    hide: 'Скрыть Latent Studio',
    hideOthers: 'Скрыть остальные',
    unhide: 'Показать все',
    quit: 'Выйти',
  },
  failure: {
    couldNotOpen: 'Не удалось открыть Latent Studio',
    wentWrong: 'В Latent Studio что-то пошло не так',
    goesOn: (logFile) =>
      `Программа работает дальше. Если что-то не действует, выйдите и откройте её снова. Подробности в файле ${logFile}.`,
    pageGone: 'Окно Latent Studio показать не удаётся',
    pageGoneDetail: (times, reason) =>
      `Его страница завершилась несколько раз подряд: ${times} (${reason}). Картинки создаются дальше. Если не хватает памяти, закройте другие программы и выберите «Вид → Перезагрузить».`,
  },
  opening: {
    broughtUp: 'История обновляется для этой версии: картинок {done} из {count}.',
    picturesSorted: 'Картинки упорядочиваются для поиска: {done} из {count}.',
    promptsSorted: 'Промпты упорядочиваются для поиска: {done} из {count}.',
    overwritten: 'История обновлена; удалённое перезаписывается.',
    waits:
      'Другой Latent Studio открывает {folder} (обновляет или восстанавливает историю); этот продолжит после него.',
  },
}
