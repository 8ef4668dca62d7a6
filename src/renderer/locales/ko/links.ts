import type { linkSentences } from '../../../shared/linkSentences.ts'

export const linksHere: Record<keyof typeof linkSentences, string> = {
  linkUnread:
    '모델 링크가 아닙니다. huggingface.co나 civitai.com에 있는 모델 또는 파일의 주소, 혹은 stabilityai/stable-diffusion-xl-base-1.0 같은 저장소 이름을 붙여 넣으세요.',
  linkNoModel: '{site}의 이 페이지는 모델이 아닙니다. 모델 자체의 페이지나 그 파일의 주소를 붙여 넣으세요.',
  linkNoFile: '이 링크에 {path} 파일이 없습니다. 링크를 확인하세요.',
  linkUnusable: '{path} 파일은 단독으로 쓸 수 없습니다. .safetensors 파일이나 모델 전체의 페이지를 고르세요.',
  linkNoWeights: '이 링크에 .safetensors 파일이 없습니다. 다른 모델을 고르세요.',
  linkPickle:
    '{path} 파일은 열 때 코드를 실행할 수 있는 Python pickle이라 내려받지 않습니다. 이 모델의 .safetensors 버전을 찾아보세요.',
  linkNoUnet:
    'U-Net이 없는 {kind}이며, 이 버전에서는 실행할 수 없습니다. Stable Diffusion 1, 2, XL 계열 모델은 실행됩니다.',
  linkStrangePart:
    '“{part}” 부분이 있는 {kind}이며, 이 버전에서는 실행할 수 없습니다. Stable Diffusion 1, 2, XL 계열 모델은 실행됩니다.',
  linkPartless: '저장소에 이 모델의 “{part}” 부분 가중치가 없습니다. 다른 모델을 고르세요.',
  linkIndexUnread: '이 저장소의 model_index.json은 올바른 JSON이 아닙니다. 다른 모델을 고르세요.',
  linkFileName:
    '저장소에 {path}라는 파일이 있는데, 여기서는 파일 이름으로 쓸 수 없습니다. 다른 곳에서 모델을 찾아보세요.',
  linkSeveral: '이 링크에 파일이 여러 개 있습니다. 어느 것인지 정하세요: {links}',
  linkPresent: '이미 여기에 있습니다: {path}.',
  linkNoVersion: '{site}에서 볼 수 있는 이 모델의 버전이 없습니다. 다른 모델을 고르세요.',
  linkNoHash: '{site}에 아직 이 파일의 sha256이 없어 받은 내용을 확인할 수 없습니다. 나중에 다시 시도하세요.',
  siteNoModel: '{site}에 그런 모델이 없습니다. 링크를 확인하세요. 삭제되었을 수 있습니다.',
  siteNoRevision: '{site}에 그런 리비전이 없습니다. 링크를 확인하세요. 삭제되었을 수 있습니다.',
  siteNoFile: '{site}에 그런 파일이 없습니다. 링크를 확인하세요. 삭제되었을 수 있습니다.',
  siteRefuses: '{site}에서 거부했습니다(HTTP {status}). 나중에 다시 시도하세요.',
  siteUnread: '{site}의 응답을 이해할 수 없습니다. 나중에 다시 시도하세요.',
  loginCivitai:
    'Civitai는 로그인한 사람에게만 파일을 줍니다. 그곳의 계정 설정에서 API 키를 만들어 여기에 넣으세요.',
  tokenCivitai:
    'Civitai가 키를 거부했거나, 그 계정이 아직 이 파일을 받을 수 없습니다(얼리 액세스). 그곳의 계정 설정에서 새 API 키를 만드세요.',
  loginPrivate: 'Hugging Face에 그런 모델이 없거나, 비공개라서 토큰이 필요합니다. 링크를 확인하세요.',
  tokenPrivate:
    'Hugging Face에 그런 모델이 없거나, 비공개라서 토큰의 계정이 볼 수 없습니다. 링크를 확인하세요.',
  loginTerms:
    '이 모델은 약관 동의나 로그인이 필요합니다. Hugging Face의 모델 페이지에서 동의하고, 그곳의 설정에서 토큰을 만들어 여기에 넣으세요.',
  tokenTerms:
    'Hugging Face가 토큰을 거부했거나, 그 계정이 이 모델의 약관에 동의하지 않았습니다. 모델 페이지에서 동의하고, 토큰이 제한된 모델을 읽을 수 있는지 확인하세요.',
}
