import type { Words } from './en.ts'

export const ja: Words = {
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
  update: {
    isThere: (version) => `Latent Studio ${version} があります。ダウンロードしますか？`,
    detail: '終了するときにインストールされます。画像、モデル、設定はそのまま残ります。',
    fetchIt: 'ダウンロード',
    notNow: '今はしない',
  },
  menu: {
    file: 'ファイル',
    newWindow: '新しいウィンドウ',
    openDataFolder: 'データフォルダーを開く',
    edit: '編集',
    view: '表示',
    help: 'ヘルプ',
    licences: '第三者のライセンス',
  },
  roles: {
    undo: '取り消す',
    redo: 'やり直す',
    cut: '切り取り',
    copy: 'コピー',
    paste: '貼り付け',
    pasteAndMatchStyle: 'ペーストしてスタイルを合わせる',
    delete: '削除',
    selectAll: 'すべて選択',
    close: 'ウィンドウを閉じる',
    reload: '再読み込み',
    resetZoom: '実際のサイズ',
    zoomIn: '拡大',
    zoomOut: '縮小',
    togglefullscreen: 'フルスクリーンの切り替え',
    about: 'Latent Studio について',
    services: 'サービス',
    hide: 'Latent Studio を隠す',
    hideOthers: 'ほかを隠す',
    unhide: 'すべてを表示',
    quit: '終了',
  },
  failure: {
    couldNotOpen: 'Latent Studio を開けませんでした',
    wentWrong: 'Latent Studio で問題が起きました',
    goesOn: (logFile) =>
      `このまま続きます。動かないところがあれば、終了して開き直してください。詳しくは ${logFile} にあります。`,
    pageGone: 'Latent Studio のウィンドウを表示できません',
    pageGoneDetail: (times, reason) =>
      `ページが続けて ${times} 回終了しました（${reason}）。画像の生成は続いています。メモリが足りなければほかのプログラムを閉じてから、「表示 → 再読み込み」を選んでください。`,
  },
  opening: {
    broughtUp: '履歴をこのバージョンに合わせて更新しています：{count} 枚中 {done} 枚。',
    picturesSorted: '検索のために画像を整理しています：{done} / {count}。',
    promptsSorted: '検索のためにプロンプトを整理しています：{done} / {count}。',
    overwritten: '履歴は最新です。削除されたものを上書きしています。',
    waits:
      '別の Latent Studio が {folder} を開いています（履歴の更新または作り直し）。終わりしだい、こちらが続きます。',
  },
}
