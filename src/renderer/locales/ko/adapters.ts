import type { Begun } from '../en.ts'
import type { adapters as english } from '../en/adapters.ts'

export const adapters: Begun<typeof english> = {
  title: 'LoRA',
  help: '모델이 그리는 것을 바꾸는 작은 파일. 여러 개를 함께 쓸 수 있습니다.',
  add: 'LoRA 추가',
  search: '이름과 트리거 단어 검색',
  none: '이 단어의 LoRA가 없습니다.',
  more: '{count}개 더: 입력해서 찾으세요.',
  madeFor: '{family}용',
  strength: '{name}의 강도',
  textLabel: '텍스트에서',
  text: '텍스트 인코더에서 {name}의 강도',
  split: '텍스트 인코더에는 다른 강도',
  join: '텍스트 인코더에도 같은 강도',
  remove: '{name} 제거',
  inPrompt: '프롬프트 안, {strength}',
  exported: '이 모델은 내보낸 ONNX 네트워크라 LoRA로 바꿀 수 없습니다. 체크포인트 자체를 쓰세요.',
  gone: '이 LoRA가 없습니다. 제거하거나 모델에서 폴더를 추가하세요.',
  otherFamily: '{family}용인데 모델은 {model}입니다. 다른 모델을 고르거나 제거하세요.',
  fewSteps: '{method}: 그 샘플러, {steps}스텝, CFG 사용',
  words: '트리거 단어',
  insert: '“{word}”을(를) 프롬프트에 넣기',
  vae: 'VAE',
  vaeHelp: '완성된 잠재 표현을 색으로 바꿉니다. 다른 VAE는 대비와 세부를 바꿉니다.',
  ownVae: '모델의 것',
}
