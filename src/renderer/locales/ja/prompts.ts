import type { Begun } from '../en.ts'
import type { prompts as english } from '../en/prompts.ts'

export const prompts: Begun<typeof english> = {
  forever: {
    label: '無限に生成',
    help: '無限に生成：どれかをキャンセルするまで、毎回新しいシードで次々に生成します。',
  },
  suggest: {
    label: '候補',
    count: '候補なし | 候補 1 件 | 候補 {count} 件',
    kind: {
      prompt: 'あなたのプロンプト',
      embedding: 'Embedding',
      lora: 'LoRA',
      wildcard: 'ワイルドカード',
      style: 'スタイル',
      tag: 'タグ',
    },
  },
  prompts: {
    open: 'プロンプト集',
    help: 'プロンプト集：名前を付けて残したものと、画像に使ったもの。',
    search: 'プロンプトを検索',
    saved: '保存済み',
    past: '画像で使ったもの',
    none: 'この言葉を含むプロンプトはまだありません。',
    name: 'このプロンプトの名前',
    saveHelp: '今の 2 つのプロンプトを名前を付けて残します。',
    replaced: '「{name}」を今のプロンプトに置き換えました。',
  },
  lists: {
    add: 'リストを追加…',
    help: 'リストを追加：候補にするタグやスタイル（.csv）、またはワイルドカードの選択肢（.txt）。ファイルをウィンドウにドロップすることもできます。',
    known: '{name} はすでにあります。',
    taken: {
      tags: '入力中に {name} のタグ 1 件を候補に出します | 入力中に {name} のタグ {count} 件を候補に出します',
      wildcard: '__{name}__ は 1 個の選択肢を表します | __{name}__ は {count} 個の選択肢のどれかを表します',
      styles: 'スタイルを 1 件選べます | スタイルを {count} 件選べます',
    },
  },
  presets: {
    label: 'プリセット',
    help: 'プリセット：すべての設定に名前を付け、1 クリックで呼び戻せます。',
    none: 'まだ何もありません。今の設定に名前を付けてください。',
    name: 'この設定の名前',
    saveHelp: '今の設定をすべて残します。プロンプトがなければ、適用しても今のプロンプトはそのままです。',
    kept: '{name} を保存しました。',
    applied: '{name} のとおりに設定しました。',
    update: '今の設定を {name} として残す',
    updated: '{name} を今の設定に更新しました。',
  },
  kept: { save: '保存', forget: '{name} を削除', forgotten: '{name} を削除しました。' },
  settingsUndo: { undo: '最後の変更を元に戻す（{keys}）', redo: 'やり直す（{keys}）' },
  noise: { levels: '{steps} ステップ、ノイズ {from} から {to} まで。' },
}
