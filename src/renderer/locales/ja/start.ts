import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: '画像をドロップ、貼り付け、または選択',
  release: '放すとこの画像から始めます',
  reading: '画像を読み込み中…',
  alt: '元画像',
  size: '{width} × {height}',
  takeShape: 'この形で描く：{width} × {height}',
  found: 'ファイルに生成情報があります（{source}）。',
  useFound: '使う',
  useFoundHelp: 'ファイルの設定をパネルに入れ、元画像を外します。',
  noise: 'ノイズ {share}',
  noiseHelp: '開始時の内容のうちノイズが占める割合（分散で測る）。残りは元の画像です。',
  noised: 'モデルから見た、ノイズ {share} の元画像',
  seeNoise: 'ノイズを見る',
  seeNoiseHelp: 'この強度で始まるときのノイズが乗った画像を、モデルから見た形で表示します。',
  looking: 'モデルが画像を見ています…',
  change: {
    crop: '{share} を切り落とします',
    fit: '端を引き延ばして {share} を足します',
    stretch: '{share} 引き伸ばします',
  },
  seeFitting: 'キャンバスで見る',
  seeFittingHelp: 'このサイズで画像がどう使われるかを、変更に合わせてキャンバスに表示します。',
  fitted: '{width} × {height} で使われる元画像：{change}',
  backFromFitting: '最後の画像に戻る',
}
