import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    'Este não é um link para um modelo. Cole o endereço de um modelo ou de um arquivo em huggingface.co ou civitai.com, ou o nome de um repositório, como stabilityai/stable-diffusion-xl-base-1.0.',
  linkNoModel:
    'Esta página de {site} não é um modelo. Cole o endereço da página do próprio modelo, ou de um de seus arquivos.',
  linkNoFile: 'Não há nenhum arquivo {path} neste link. Confira o link.',
  linkUnusable:
    '{path} não pode ser usado sozinho. Escolha um arquivo .safetensors, ou a página do modelo inteiro.',
  linkNoWeights: 'Não há arquivos .safetensors neste link. Escolha outro modelo.',
  linkPickle:
    '{path} é um pickle de Python, que pode executar código ao ser aberto, e por isso não é baixado. Procure uma versão .safetensors do modelo.',
  linkNoUnet:
    'Este é um {kind} sem U-Net, que esta versão não consegue executar. Modelos das famílias Stable Diffusion 1, 2 e XL funcionam.',
  linkStrangePart:
    'Este é um {kind} com uma parte “{part}”, que esta versão não consegue executar. Modelos das famílias Stable Diffusion 1, 2 e XL funcionam.',
  linkPartless: 'O repositório não tem os pesos da parte “{part}” deste modelo. Escolha outro modelo.',
  linkIndexUnread: 'O model_index.json deste repositório não é JSON válido. Escolha outro modelo.',
  linkFileName:
    'O repositório tem um arquivo chamado {path}, que aqui não é um nome de arquivo. Procure o modelo em outro lugar.',
  linkSeveral: 'Há vários arquivos neste link. Diga qual: {links}',
  linkPresent: 'Já está aqui: {path}.',
  linkNoVersion: 'Nenhuma versão deste modelo é visível em {site}. Escolha outro modelo.',
  linkNoHash:
    '{site} ainda não informa o sha256 deste arquivo, e o que viesse não poderia ser conferido. Tente mais tarde.',
  siteNoModel: '{site} não tem esse modelo. Confira o link; ele pode ter sido removido.',
  siteNoRevision: '{site} não tem essa revisão. Confira o link; ela pode ter sido removida.',
  siteNoFile: '{site} não tem esse arquivo. Confira o link; ele pode ter sido removido.',
  siteRefuses: '{site} recusa (HTTP {status}). Tente mais tarde.',
  siteUnread: 'A resposta de {site} não é compreensível. Tente mais tarde.',
  loginCivitai:
    'O Civitai só dá arquivos a quem entrou na conta. Crie uma chave de API nas configurações da sua conta lá e ponha-a aqui.',
  tokenCivitai:
    'O Civitai recusa a chave, ou a conta dela ainda não pode ter este arquivo (acesso antecipado). Crie uma nova chave de API nas configurações da sua conta lá.',
  loginPrivate:
    'O Hugging Face não tem esse modelo, ou ele é privado: então precisa de um token. Confira o link.',
  tokenPrivate:
    'O Hugging Face não tem esse modelo, ou ele é privado e a conta do token não pode vê-lo. Confira o link.',
  loginTerms:
    'Este modelo exige aceitar termos ou entrar na conta. Aceite-os na página dele no Hugging Face, crie um token nas suas configurações lá e ponha-o aqui.',
  tokenTerms:
    'O Hugging Face recusa o token, ou a conta dele não aceitou os termos deste modelo. Aceite-os na página do modelo e veja se o token pode ler modelos restritos.',
}
