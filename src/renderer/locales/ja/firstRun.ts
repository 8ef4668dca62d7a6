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
  newsLine: 'Latent Studio に新しい機能が加わりました。',
  newsShow: '新機能',
  newsTitle: '新機能',
  news: {
    grids: {
      title: 'グリッド',
      text: '同じ画像を最大 3 つのパラメータで並べて比べます。「生成」の「グリッド」にあります。',
    },
    prompt: {
      title: 'モデルが読むものが見えるプロンプト',
      text: 'トークン、区切り、重みを色分けし、入力中に候補を出し、プロンプトをライブラリに残せます。',
    },
    mask: {
      title: '一部を塗り直す',
      text: '開始画像の上でブラシ、なげなわ、柔らかい縁。端をドラッグすれば外側へ広げられます。',
    },
    library: {
      title: '見つかるライブラリ',
      text: '星、タグ、アルバム、「steps>30」のような検索。画像を比べて違いを確かめられます。',
    },
    pause: {
      title: '画像の途中で一時停止',
      text: 'あとで、再起動後でも、同じピクセルまで続けられます。',
    },
    languages: {
      title: 'さらに多くの言語',
      text: 'さらに 7 言語。母語とする人の校閲はまだです。設定で選べます。',
    },
  },
}
