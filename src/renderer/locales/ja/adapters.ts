import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRA',
  help: 'モデルの描き方を変える小さなファイル。複数を重ねられます。',
  add: 'LoRA を追加',
  search: '名前とトリガーワードを検索',
  none: 'その言葉の LoRA はありません。',
  more: '他に {count} 個：入力して探せます。',
  madeFor: '{family} 用',
  strength: '{name} の強さ',
  textLabel: 'テキスト側',
  text: 'テキストエンコーダーでの {name} の強さ',
  split: 'テキストエンコーダーでは別の強さにする',
  join: 'テキストエンコーダーでも同じ強さにする',
  remove: '{name} を外す',
  inPrompt: 'プロンプト内、{strength}',
  exported:
    'このモデルは書き出し済みの ONNX ネットワークで、LoRA は効きません。元のチェックポイントを使ってください。',
  gone: 'この LoRA はありません。外すか、「モデル」でフォルダを追加してください。',
  otherFamily: '{family} 用ですが、モデルは {model} です。別のモデルを選ぶか、外してください。',
  fewSteps: '{method}：専用のサンプラー、{steps} ステップ、CFG を使う',
  words: 'トリガーワード',
  insert: '「{word}」をプロンプトに入れる',
  vae: 'VAE',
  vaeHelp: '完成した潜在表現を色に変えます。別の VAE ではコントラストや細部が変わります。',
  ownVae: 'モデル付属',
}
