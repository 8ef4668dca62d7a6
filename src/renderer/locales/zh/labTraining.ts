import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: typeof english = {
  title: '训练',
  sentence: '网络看到加了噪声的图，学着说出噪声是什么。训练就是这么一件事。',
  views: { pictures: '逐步', starters: '各代入门模型', learning: '算法 1', drawing: '算法 2' },
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
  starterCaption: '第 {which} / {of} 代入门模型：{side} × {side} 像素，学过 {kinds} 类事物。',
  whichStarter: '哪一代入门模型',
  startersHelp:
    '本项目训练过的每一代入门模型，都画同样的九张图：种子 1、DDIM 20 步、引导 4，用今天的引擎。它们各是独立的模型，来自各自的训练，不是同一次训练的检查点；训练途中的权重没有保留。',
  asked: '让它们画什么',
  askedHelp:
    '从左到右，逐行排列。最后三张里的狐狸、帽子和马，只有最新一代学过画。128 × 128 的图放大显示；最新一代从更大的噪声开始，所以它的种子 1 是另一份噪声。',
  starterCurveTitle: '最新一代怎样学',
  starterCurve: '入门模型的去噪网络在训练中误差下降的曲线',
  starterHelp:
    '入门模型的学习方式与像素模型相同，不过是在潜变量上、带着文字说明；最新一代在显卡上从更早一代的权重接着训练。那次训练只留下这张图，没有留下数值：2,870 步中的损失，对数刻度。',
  toy: '自己训练一个小的',
}
