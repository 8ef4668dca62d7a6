import type { Begun } from '../en.ts'
import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: Begun<typeof english> = {
  title: '学習',
  sentence:
    'ネットワークはノイズの乗った画像を見て、ノイズが何だったかを言えるように学びます。それがすべてです。',
  views: { pictures: 'ステップ', starters: 'Starter', learning: 'アルゴリズム 1', drawing: 'アルゴリズム 2' },
  says: {
    learning:
      '学び方：画像とステップとノイズを取り、一度に混ぜ、ノイズの推測が外れた分だけネットワークを直します。',
    drawing:
      '描き方：純粋なノイズから、ネットワークに見えるノイズを少し取り除き、それより少ない新しいノイズを戻す。これを繰り返します。最後のステップでは戻しません。',
  },
  caption: '{of} ステップ中 {step} の後。すべて同じノイズから。',
  checkpoint: '学習ステップ',
  pixels:
    '付属の「Starter, pixels」の画像です。32 × 32 ピクセル、言葉なし、プログラムが描いた場面で学習しました。',
  curves: '推測の良さ',
  loss: 'loss',
  lossTitle: 'ステップごとの loss',
  now: 'このステップ',
  end: '最後',
  errorTitle: 'タイムステップごとの誤差、未見の場面',
  errorHelp: 'ノイズが多いと（右）ノイズは見やすく画像は当てにくく、少ないと（左）その逆です。',
  starterCaption: 'Starter {which} / {of}：{side} × {side} ピクセル、{kinds} 種類のものを学習。',
  whichStarter: 'どの Starter か',
  startersHelp:
    'このプロジェクトが学習させた各 Starter に同じ 9 枚を描かせました：シード 1、DDIM 20 ステップ、CFG 4、現在のエンジン。どれも別々の学習による別々のモデルで、1 つのモデルのチェックポイントではありません。途中の重みは残っていません。',
  asked: '描かせたもの',
  askedHelp:
    '左から右へ、1 行ずつ。最後の 3 枚のキツネ、帽子、馬は、最新のものだけが描けるようになりました。128 × 128 の画像は拡大しています。最新のものはより大きなノイズから始まるため、シード 1 も別のものです。',
  starterCurveTitle: '最新のものの学び方',
  starterCurve: '学習に伴って下がる Starter のノイズ除去の誤差',
  starterHelp:
    'Starter はピクセルのモデルと同じように、ただし latent とキャプションで学びます。最新のものは、以前のものの重みから、グラフィックカードで学習しました。その記録として残ったのはこの図だけで、数値はありません：2,870 ステップの loss、対数目盛。',
  toy: '小さなものを自分で学習させる',
}
