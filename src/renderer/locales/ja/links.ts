import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    'モデルへのリンクではありません。huggingface.co か civitai.com のモデルやファイルのアドレス、またはリポジトリ名（例：stabilityai/stable-diffusion-xl-base-1.0）を貼り付けてください。',
  linkNoModel:
    '{site} のこのページはモデルではありません。モデル自身のページか、そのファイルのアドレスを貼り付けてください。',
  linkNoFile: 'このリンク先にファイル {path} はありません。リンクを確かめてください。',
  linkUnusable: '{path} は単独では使えません。.safetensors ファイルか、モデル全体のページを選んでください。',
  linkNoWeights: 'このリンク先に .safetensors ファイルはありません。別のモデルを選んでください。',
  linkPickle:
    '{path} は Python の pickle で、開くとプログラムが実行されうるため、ダウンロードしません。.safetensors 版を探してください。',
  linkNoUnet:
    'U-Net のない {kind} は、このバージョンでは実行できません。Stable Diffusion 1、2、XL 系のモデルなら実行できます。',
  linkStrangePart:
    '部品「{part}」のある {kind} は、このバージョンでは実行できません。Stable Diffusion 1、2、XL 系のモデルなら実行できます。',
  linkPartless: 'このモデルの部品「{part}」の重みがリポジトリにありません。別のモデルを選んでください。',
  linkIndexUnread:
    'このリポジトリの model_index.json は正しい JSON ではありません。別のモデルを選んでください。',
  linkFileName:
    'リポジトリに {path} というファイルがありますが、ここではファイル名に使えません。別の場所でモデルを探してください。',
  linkSeveral: 'このリンク先には複数のファイルがあります。どれかを指定してください：{links}',
  linkPresent: 'すでにここにあります：{path}。',
  linkNoVersion: '{site} で見られるバージョンがこのモデルにはありません。別のモデルを選んでください。',
  linkNoHash:
    '{site} がこのファイルの sha256 をまだ示していないため、内容を確かめられません。後でもう一度試してください。',
  siteNoModel: '{site} にこのモデルはありません。リンクを確かめてください。削除されたのかもしれません。',
  siteNoRevision:
    '{site} にこのリビジョンはありません。リンクを確かめてください。削除されたのかもしれません。',
  siteNoFile: '{site} にこのファイルはありません。リンクを確かめてください。削除されたのかもしれません。',
  siteRefuses: '{site} に拒否されました（HTTP {status}）。後でもう一度試してください。',
  siteUnread: '{site} の応答を理解できません。後でもう一度試してください。',
  loginCivitai:
    'Civitai はログインした人にだけファイルを渡します。そこのアカウント設定で API キーを作り、ここに入れてください。',
  tokenCivitai:
    'Civitai がこのキーを拒否したか、アカウントがまだこのファイルを受け取れません（早期アクセス）。そこのアカウント設定で新しい API キーを作ってください。',
  loginPrivate: 'Hugging Face にこのモデルがないか、非公開でトークンが必要です。リンクを確かめてください。',
  tokenPrivate:
    'Hugging Face にこのモデルがないか、非公開でトークンのアカウントからは見えません。リンクを確かめてください。',
  loginTerms:
    'このモデルには規約への同意かログインが必要です。Hugging Face のモデルのページで同意し、そこの設定でトークンを作り、ここに入れてください。',
  tokenTerms:
    'Hugging Face がトークンを拒否したか、アカウントがこのモデルの規約に同意していません。モデルのページで同意し、トークンで制限付きモデルを読めるか確かめてください。',
}
