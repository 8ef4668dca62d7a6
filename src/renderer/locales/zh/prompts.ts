import type { prompts as english } from '../en/prompts.ts'

export const prompts: typeof english = {
  forever: {
    label: '不停生成',
    help: '不停生成：一张接一张，每张用新的种子，直到你取消其中一张。',
  },
  suggest: {
    label: '建议',
    count: '没有建议 | 1 条建议 | {count} 条建议',
    kind: {
      prompt: '你的提示词',
      embedding: '嵌入',
      lora: 'LoRA',
      wildcard: '通配符',
      style: '样式',
      tag: '标签',
    },
  },
  prompts: {
    open: '提示词库',
    help: '提示词库：你按名字保留的，以及你的图片用过的。',
    search: '搜索你的提示词',
    saved: '已保留',
    past: '图片用过的',
    none: '还没有含这些词的提示词。',
    name: '给这条提示词起名',
    saveHelp: '把现在的正反提示词按名字保留下来。',
    replaced: '“{name}”已改为现在的提示词。',
  },
  lists: {
    add: '添加列表…',
    help: '添加列表：供建议的标签或样式（.csv），或通配符的选项（.txt）。也可以把文件拖放到窗口里。',
    known: '{name} 已经在这里了。',
    taken: {
      tags: '书写时会建议 {name} 中的 1 个标签 | 书写时会建议 {name} 中的 {count} 个标签',
      wildcard: '__{name}__ 现在代表 1 个选项 | __{name}__ 现在代表 {count} 个选项之一',
      styles: '现在可以选择 1 个样式 | 现在可以选择 {count} 个样式',
    },
  },
  presets: {
    label: '预设',
    help: '预设：把全部设置按名字保留，一键恢复。',
    none: '还没有保留任何预设：给现在的设置起个名字。',
    name: '给这些设置起名',
    saveHelp: '保留现在的全部设置。若其中没有提示词，应用时保留你的提示词。',
    kept: '已保留 {name}。',
    applied: '已按 {name} 设置。',
    update: '把现在的设置保留为 {name}',
    updated: '{name} 已更新为现在的设置。',
  },
  kept: { save: '保留', forget: '忘记 {name}', forgotten: '已忘记 {name}。' },
  settingsUndo: { undo: '撤销上一次更改（{keys}）', redo: '重做（{keys}）' },
  noise: { levels: '{steps} 步，噪声从 {from} 到 {to}。' },
}
