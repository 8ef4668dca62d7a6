import { app } from 'electron'
import { languageOf, type Language } from '../shared/languages.ts'
import type { Settings } from '../shared/settings.ts'

/** What the shell itself says, outside the page. */
interface Words {
  ready(count: number): string
  failed: string
  quitWhile: string
  closeWhile: string
  quitDetail: string
  closeDetail: string
  keepWorking: string
  goOnWithoutWindow: string
  quit: string
  cancel: string
}

const words: Record<Language, Words> = {
  en: {
    ready: (count) => (count === 1 ? 'The picture is ready' : `${count} pictures are ready`),
    failed: 'A picture could not be made',
    quitWhile: 'A picture is being made. Quit all the same?',
    closeWhile: 'A picture is being made. What shall become of it?',
    quitDetail: 'Finished pictures are kept. What is not finished goes on when you open Latent Studio again.',
    closeDetail:
      'Without a window it goes on until everything in the queue is made; opening Latent Studio again brings the window back. What is not finished when you quit goes on the next time.',
    keepWorking: 'Keep working',
    goOnWithoutWindow: 'Go on without a window',
    quit: 'Quit',
    cancel: 'Cancel',
  },
  zh: {
    ready: (count) => (count === 1 ? '图片已完成' : `${count} 张图片已完成`),
    failed: '有一张图片未能生成',
    quitWhile: '正在生成图片。仍要退出吗？',
    closeWhile: '正在生成图片。要怎么处理？',
    quitDetail: '已完成的图片会保留。未完成的部分在下次打开 Latent Studio 时继续。',
    closeDetail:
      '没有窗口时会继续到队列全部完成；再次打开 Latent Studio 会恢复窗口。退出时未完成的部分下次继续。',
    keepWorking: '继续工作',
    goOnWithoutWindow: '不开窗口继续',
    quit: '退出',
    cancel: '取消',
  },
  ja: {
    ready: (count) => (count === 1 ? '画像ができました' : `${count} 枚の画像ができました`),
    failed: '画像を生成できませんでした',
    quitWhile: '画像を生成しています。それでも終了しますか？',
    closeWhile: '画像を生成しています。どうしますか？',
    quitDetail: 'できた画像は残ります。終わっていない分は、次に Latent Studio を開いたときに再開します。',
    closeDetail:
      'ウィンドウがなくても、キューがすべて終わるまで続きます。もう一度 Latent Studio を開くとウィンドウが戻ります。終了したときに終わっていない分は、次回再開します。',
    keepWorking: '作業を続ける',
    goOnWithoutWindow: 'ウィンドウなしで続ける',
    quit: '終了',
    cancel: 'キャンセル',
  },
  de: {
    ready: (count) => (count === 1 ? 'Das Bild ist fertig' : `${count} Bilder sind fertig`),
    failed: 'Ein Bild konnte nicht erzeugt werden',
    quitWhile: 'Gerade entsteht ein Bild. Trotzdem beenden?',
    closeWhile: 'Gerade entsteht ein Bild. Was soll damit geschehen?',
    quitDetail:
      'Fertige Bilder bleiben. Was nicht fertig ist, geht weiter, wenn du Latent Studio wieder öffnest.',
    closeDetail:
      'Ohne Fenster geht es weiter, bis alles in der Warteschlange erzeugt ist; wenn du Latent Studio wieder öffnest, kommt das Fenster zurück. Was beim Beenden nicht fertig ist, geht beim nächsten Mal weiter.',
    keepWorking: 'Weiterarbeiten',
    goOnWithoutWindow: 'Ohne Fenster weiter',
    quit: 'Beenden',
    cancel: 'Abbrechen',
  },
  fr: {
    ready: (count) => (count <= 1 ? 'L’image est prête' : `${count} images sont prêtes`),
    failed: 'Une image n’a pas pu être faite',
    quitWhile: 'Une image est en cours. Quitter quand même ?',
    closeWhile: 'Une image est en cours. Que doit-elle devenir ?',
    quitDetail: 'Les images terminées sont gardées. Le reste reprendra quand vous rouvrirez Latent Studio.',
    closeDetail:
      'Sans fenêtre, le travail continue jusqu’à la fin de la file d’attente ; rouvrir Latent Studio ramène la fenêtre. Ce qui n’est pas fini en quittant reprendra la prochaine fois.',
    keepWorking: 'Continuer à travailler',
    goOnWithoutWindow: 'Continuer sans fenêtre',
    quit: 'Quitter',
    cancel: 'Annuler',
  },
  es: {
    ready: (count) => (count === 1 ? 'La imagen está lista' : `${count} imágenes están listas`),
    failed: 'No se pudo hacer una imagen',
    quitWhile: 'Se está haciendo una imagen. ¿Salir de todos modos?',
    closeWhile: 'Se está haciendo una imagen. ¿Qué hacemos con ella?',
    quitDetail:
      'Las imágenes terminadas se conservan. Lo demás continúa cuando vuelvas a abrir Latent Studio.',
    closeDetail:
      'Sin ventana, el trabajo sigue hasta terminar la cola; al abrir Latent Studio de nuevo vuelve la ventana. Lo que no esté terminado al salir continúa la próxima vez.',
    keepWorking: 'Seguir trabajando',
    goOnWithoutWindow: 'Continuar sin ventana',
    quit: 'Salir',
    cancel: 'Cancelar',
  },
  pt: {
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
  },
  ru: {
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
  },
  ko: {
    ready: (count) => (count === 1 ? '그림이 완성되었습니다' : `그림 ${count}개가 완성되었습니다`),
    failed: '그림을 만들지 못했습니다',
    quitWhile: '그림을 만들고 있습니다. 그래도 끝낼까요?',
    closeWhile: '그림을 만들고 있습니다. 어떻게 할까요?',
    quitDetail: '완성된 그림은 남습니다. 끝나지 않은 것은 Latent Studio를 다시 열면 이어집니다.',
    closeDetail:
      '창이 없어도 대기열이 모두 끝날 때까지 계속됩니다. Latent Studio를 다시 열면 창이 돌아옵니다. 종료할 때 끝나지 않은 것은 다음에 이어집니다.',
    keepWorking: '계속 작업',
    goOnWithoutWindow: '창 없이 계속',
    quit: '종료',
    cancel: '취소',
  },
}

/** In the language of the settings, or else of the system. */
export const wordsIn = (language: Settings['language']): Words =>
  words[languageOf(language, app.getPreferredSystemLanguages())]
