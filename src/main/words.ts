import { app } from 'electron'
import type { Settings } from '../shared/settings.ts'

/** What the shell itself says, outside the page. */
const english = {
  ready: (count: number) => (count === 1 ? 'The picture is ready' : `${count} pictures are ready`),
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
}
type Words = typeof english

const chinese: Words = {
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
}

/** In the language of the settings, or else of the system. */
export function wordsIn(language: Settings['language']): Words {
  const chosen = language === 'system' ? app.getLocale() : language
  return chosen.startsWith('zh') ? chinese : english
}
