import type { Begun } from '../en.ts'
import type { prompts as english } from '../en/prompts.ts'

export const prompts: Begun<typeof english> = {
  forever: {
    label: '끝없이',
    help: '끝없이: 하나를 취소할 때까지 매번 새 시드로 그림을 계속 만듭니다.',
  },
  suggest: {
    label: '제안',
    count: '제안 없음 | 제안 1개 | 제안 {count}개',
    kind: {
      prompt: '내 프롬프트',
      embedding: '임베딩',
      lora: 'LoRA',
      wildcard: '와일드카드',
      style: '스타일',
      tag: '태그',
    },
  },
  prompts: {
    open: '프롬프트 모음',
    help: '프롬프트 모음: 이름을 붙여 보관한 것과 그림에 쓴 것.',
    search: '프롬프트 검색',
    saved: '보관함',
    past: '그림에 쓴 것',
    none: '이 단어가 있는 프롬프트가 아직 없습니다.',
    name: '이 프롬프트의 이름',
    saveHelp: '지금의 두 프롬프트를 이름을 붙여 보관합니다.',
    replaced: '“{name}”을(를) 지금 프롬프트로 바꾸었습니다.',
  },
  lists: {
    add: '목록 추가…',
    help: '목록 추가: 제안할 태그나 스타일(.csv), 또는 와일드카드의 선택지(.txt). 파일을 창에 끌어다 놓아도 됩니다.',
    known: '{name}은(는) 이미 있습니다.',
    taken: {
      tags: '입력할 때 {name}의 태그 1개를 제안합니다 | 입력할 때 {name}의 태그 {count}개를 제안합니다',
      wildcard:
        '__{name}__은(는) 이제 선택지 1개를 뜻합니다 | __{name}__은(는) 이제 선택지 {count}개 중 하나를 뜻합니다',
      styles: '이제 스타일 1개를 고를 수 있습니다 | 이제 스타일 {count}개를 고를 수 있습니다',
    },
  },
  presets: {
    label: '프리셋',
    help: '프리셋: 모든 설정을 이름으로 보관하고 한 번의 클릭으로 되돌아옵니다.',
    none: '아직 보관한 것이 없습니다. 지금 설정에 이름을 붙이세요.',
    name: '이 설정의 이름',
    saveHelp: '지금의 모든 설정을 보관합니다. 프롬프트가 없으면 적용해도 지금 프롬프트가 남습니다.',
    kept: '{name} 보관됨.',
    applied: '{name}의 설정으로 맞췄습니다.',
    update: '지금 설정을 {name}(으)로 보관',
    updated: '{name}에 지금 설정이 들어 있습니다.',
  },
  kept: { save: '보관', forget: '{name} 지우기', forgotten: '{name} 지워짐.' },
  settingsUndo: { undo: '마지막 변경 되돌리기 ({keys})', redo: '다시 하기 ({keys})' },
  noise: { levels: '{steps}스텝, 노이즈 {from}에서 {to}까지.' },
}
