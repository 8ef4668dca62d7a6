import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    '这不是模型的链接。请粘贴 huggingface.co 或 civitai.com 上某个模型或文件的地址，或仓库名称，例如 stabilityai/stable-diffusion-xl-base-1.0。',
  linkNoModel: '{site} 的这个页面不是模型。请粘贴模型页面本身或其中某个文件的地址。',
  linkNoFile: '这个链接里没有文件 {path}。请检查链接。',
  linkUnusable: '{path} 不能单独使用。请选择 .safetensors 文件，或整个模型的页面。',
  linkNoWeights: '这个链接里没有 .safetensors 文件。请选择其他模型。',
  linkPickle: '{path} 是 Python pickle，打开时可能运行代码，因此不会下载。请找这个模型的 .safetensors 版本。',
  linkNoUnet: '这是没有 U-Net 的 {kind}，此版本无法运行。可以运行 Stable Diffusion 1、2 和 XL 系列的模型。',
  linkStrangePart:
    '这个 {kind} 含有部件“{part}”，此版本无法运行。可以运行 Stable Diffusion 1、2 和 XL 系列的模型。',
  linkPartless: '仓库里没有这个模型的部件“{part}”的权重。请选择其他模型。',
  linkIndexUnread: '这个仓库的 model_index.json 不是有效的 JSON。请选择其他模型。',
  linkFileName: '仓库里有一个名为 {path} 的文件，这里不能用作文件名。请到别处寻找这个模型。',
  linkSeveral: '这个链接里有多个文件。请指明要哪一个：{links}',
  linkPresent: '这里已经有了：{path}。',
  linkNoVersion: '在 {site} 上看不到这个模型的任何版本。请选择其他模型。',
  linkNoHash: '{site} 还没有给出这个文件的 sha256，无法核对下载的内容。请稍后再试。',
  siteNoModel: '{site} 没有这个模型。请检查链接；它可能已被删除。',
  siteNoRevision: '{site} 没有这个修订版本。请检查链接；它可能已被删除。',
  siteNoFile: '{site} 没有这个文件。请检查链接；它可能已被删除。',
  siteRefuses: '{site} 拒绝了请求（HTTP {status}）。请稍后再试。',
  siteUnread: '{site} 的答复无法理解。请稍后再试。',
  loginCivitai: 'Civitai 只向已登录的用户提供文件。请在那里的账户设置中创建 API 密钥，并填在这里。',
  tokenCivitai:
    'Civitai 拒绝了这个密钥，或者其账户还不能获取此文件（抢先体验）。请在那里的账户设置中创建新的 API 密钥。',
  loginPrivate: 'Hugging Face 没有这个模型，或者它是私有的，需要令牌。请检查链接。',
  tokenPrivate: 'Hugging Face 没有这个模型，或者它是私有的，而令牌的账户无权查看。请检查链接。',
  loginTerms:
    '这个模型需要登录或接受条款。请在 Hugging Face 的模型页面接受条款，在那里的设置中创建令牌，并填在这里。',
  tokenTerms:
    'Hugging Face 拒绝了令牌，或者其账户还没有接受这个模型的条款。请在模型页面接受条款，并确认令牌可以读取受限模型。',
}
