import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: typeof english = {
  title: '训练',
  sentence: '网络看到加了噪声的图，学着说出噪声是什么。训练就是这么一件事。',
  views: { pictures: '图片', learning: '算法 1', drawing: '算法 2' },
  says: {
    learning: '怎样学：取一张图、一个时间步和一份噪声，一次混合，再按噪声猜得有多偏来修正网络。',
    drawing: '怎样画：从纯噪声开始，去掉一点网络看到的噪声，再加回更少的新噪声，如此反复。最后一步不再加。',
  },
  caption: '训练 {step} / {of} 步之后，都从同一份噪声开始。',
  checkpoint: '训练步数',
  pixels: '这些图出自工作室自带的“Starter, pixels”：32 × 32 像素，不读文字，用程序画的场景训练。',
  curves: '猜得有多准',
  loss: '损失',
  lossTitle: '损失随步数',
  now: '这一步',
  end: '训练结束时',
  errorTitle: '各时间步的误差（没学过的场景）',
  errorHelp: '噪声多时（右）噪声好认、画面难猜；噪声少时（左）正相反。',
  starter: '入门模型',
  starterCurve: '入门模型的去噪网络在训练中误差下降的曲线',
  starterHelp:
    '入门模型以同样的方式学习，不过是在潜变量上、带着文字说明、用显卡训练。它的训练只留下曲线，没有留下图片。',
  toy: '自己训练一个小的',
}
