import type { firstRun as english } from '../en/firstRun.ts'

/** 第一张图、导览与新功能。 */
export const firstRun: typeof english = {
  help: '入门',
  tour: '看看导览',
  end: '结束导览',
  at: '{at} / {of}',
  next: '下一步',
  back: '上一步',
  done: '完成',
  stops: {
    prompt: {
      title: '说出想看到的画面',
      text: '用平常的话就行。下面显示模型读取了多少词元；{heavier} 可以加重一个词。',
    },
    settings: {
      title: '调整细节',
      text: '默认设置已适合这个模型。每一项都有一句说明；改过的项带一个圆点，点它即可还原。',
    },
    generate: {
      title: '生成',
      text: '点一下就生成，多点几下便进入队列。闪电按钮会边写边画。',
    },
    canvas: {
      title: '看它显现',
      text: '图片一步步变清晰。下方是接下来能做的事：重新生成、以此为起点、放大。',
    },
    pages: {
      title: '其余的一切',
      text: '图库保存每张图和它的设置，“模型”列出作画所用的模型，实验室展示其中原理。{palette} 按名字查找一切，{shortcuts} 列出快捷键。',
    },
  },
  newsLine: 'Latent Studio 有了新功能。',
  newsShow: '查看新功能',
  newsTitle: '新功能',
  news: {
    grids: { title: '网格', text: '同一幅画在最多三个参数的取值下并排画出：见“创作”中的“网格”。' },
    prompt: {
      title: '提示词显示模型读到的内容',
      text: '词元、分段与权重以颜色标出，输入时给出建议，还有你的提示词库。',
    },
    mask: { title: '只画一部分', text: '在起始图片上用画笔、套索和柔和边缘；拖动边缘可以向外扩展。' },
    library: {
      title: '找得到的图库',
      text: '星级、标签、相册，以及“steps>30”这样的搜索；还能对照图片、查看差别。',
    },
    pause: { title: '画到一半也能暂停', text: '以后接着画，重启之后也可以，像素完全相同。' },
    languages: { title: '更多语言', text: '新增七种语言，尚未经母语者审校，可在设置中选择。' },
  },
}
