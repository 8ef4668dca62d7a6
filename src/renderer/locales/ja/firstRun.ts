import type { Begun } from '../en.ts'
import type { firstRun as english } from '../en/firstRun.ts'

export const firstRun: Begun<typeof english> = {
  help: 'はじめに',
  tour: 'ツアーを見る',
  end: 'ツアーを終える',
  at: '{at} / {of}',
  next: '次へ',
  back: '戻る',
  done: '完了',
  stops: {
    prompt: {
      title: '見たいものを言葉に',
      text: '普通の言葉で十分です。下にはモデルが読むトークン数が出ます。{heavier} で言葉の重みを増やせます。',
    },
    settings: {
      title: '細部を整える',
      text: '設定は初めからモデルに合っています。どの項目にも一文の説明があり、変えたものには点が付きます。点をクリックすると元に戻ります。',
    },
    generate: {
      title: '生成する',
      text: '1 回のクリックで生成し、続けてクリックするとキューで待ちます。稲妻ボタンは入力に合わせて描きます。',
    },
    canvas: {
      title: '現れるのを見る',
      text: '画像はステップごとに鮮明になります。下には次にできることが並びます：もう一度生成、ここから始める、拡大。',
    },
    pages: {
      title: 'そのほか',
      text: 'ライブラリはすべての画像と設定を残し、「モデル」には描くためのモデルが並び、実験室では仕組みが見られます。{palette} で何でも名前で探せ、{shortcuts} でキーの一覧が出ます。',
    },
  },
}
