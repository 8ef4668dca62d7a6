import type { Begun } from '../en.ts'
import type { labRace as english } from '../en/labRace.ts'

export const labRace: Begun<typeof english> = {
  title: 'サンプラーの競走',
  sentence: '選んだサンプラーに同じノイズを渡し、どれもネットワークに尋ねる回数は同じです。',
  settings: '競走',
  name: '{sampler}, {schedule}',
  samplerOf: '走者 {number} のサンプラー',
  scheduleOf: '走者 {number} のスケジューラー',
  leave: '{name} を競走から外す',
  add: '走者を追加',
  twice: '{name} はもう走っています。',
  evaluations: '評価回数',
  evaluationsHelp: 'ラウンドを増やすと、グラフの線が長くなり、各ラウンドは前の 2 倍かかります。',
  upTo: '{count} まで',
  referenceRun: '基準',
  referenceName: '基準：{name}、評価 {evaluations} 回',
  referenceHelp:
    'スケジュール Normal の DPM++ 2M の評価回数。その終点を正確とみなします。少ないほど早く終わりますが、それより小さい誤差は信頼できません。',
  go: '競走を始める',
  goOn: '競走を続ける',
  stop: '停止',
  running: {
    reference: '基準：評価 {evaluations} 回',
    own: '{name}：評価 {evaluations} 回',
    other: '{name}：別のノイズで評価 {evaluations} 回',
  },
  ahead: '残り {count} 回の評価。',
  interrupted: 'モデルに別の要求がありました。残り {count} 回の評価。',
  over: 'すべて走り終えました。',
  round: '表示する走行の評価回数',
  at: '{of} 回中 {at} 回の評価後',
  evaluation: '評価',
  play: '現像を見る',
  pause: '一時停止',
  ran: '評価 {evaluations} 回、{steps} ステップ',
  error: '基準との差 {error}',
  develops: '{round} 回の評価の 1 つ…',
  verdict: {
    open: '1 ラウンドではまだ何も言えません',
    converges: '収束：次数 {order}',
    stays: '近づかない：次数 {order}',
    wanders: 'さまよう：別のノイズでは {spread} 離れる',
  },
  curve: '基準との距離',
  kind: { whole: '走行全体', inside: '1 回の走行の中' },
  titleWhole: '走行全体の誤差',
  titleInside: '評価 {round} 回の走行での推測の誤差',
  says: {
    whole:
      '各点はその評価回数の走行全体で、latent（標準偏差はおよそ 1）が基準からどれだけ離れているかを示します。これが収束です。線が急に下がるほど次数が高くなります。破線はさまよいます。画像が加えるノイズに左右されるため、同じくらい良い多くの画像の 1 枚と比べています。',
    inside:
      '1 回の走行の中で、評価ごとのきれいな画像の推測です。追加の走行は要りません。画像がどう現れるかを示すもので、どのサンプラーがより正確かは示しません。各推測は自分の走行の画像で終わります。',
  },
  keep: '{count} 枚を画像として残す',
  keepHelp: 'このラウンドの各走者の画像をキューに入れます。ライブラリの普通の画像になります。',
  queued: '画像 {count} 枚がキューにあります。',
  caption:
    '「{prompt}」、シード {seed}：同じノイズを複数のサンプラーで、{of} 回中 {at} 回の評価後。{reference} 回の DPM++ 2M と比較。',
  cannot:
    '別の画像を選んでください。「順方向」と「潜在空間」なら、画像を読めるどのモデルでもこの画像を見られます。',
  note: {
    unknown: 'アドレスに、スケジューラー付きのサンプラーでないものがあります：{names}。ほかは走ります。',
    repeated: 'アドレスに二重の指定があります：{names}。1 回だけ走ります。',
    tooMany: '走れるのは {most} までです：{names} は外れました。',
    evaluations: '評価 {asked} 回の最終ラウンドはありません。{taken} 回にしました。',
    reference: '基準を評価 {asked} 回にはできません。{taken} 回にしました。',
    round: '評価 {asked} 回のラウンドはありません（あるのは {rounds}）。最新を表示します。',
    start: 'この画像は別の画像から始まりました。競走はそのノイズだけから始めます。',
    branch: 'この画像は分岐です。すべてが終わりの設定で描かれたものとして走ります。',
    hires: '1 回目のパスだけが走ります。',
    fast: '「高速」は省き、すべての予測を求めます。',
    turned: 'この画像がサンプラーで変えた設定（eta、churn、rho）は省きます。どれも本来のまま走ります。',
    takes:
      'これは画像とノイズを直線で混ぜるモデル（flow）です。使えるのは {samplers}、スケジューラーは {schedules}。ほかは、このモデルが従わない規則でノイズを入れます。',
  },
}
