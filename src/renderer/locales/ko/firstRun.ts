import type { Begun } from '../en.ts'
import type { firstRun as english } from '../en/firstRun.ts'

export const firstRun: Begun<typeof english> = {
  help: '시작하기',
  tour: '둘러보기',
  end: '둘러보기 끝내기',
  at: '{at} / {of}',
  next: '다음',
  back: '뒤로',
  done: '완료',
  stops: {
    prompt: {
      title: '보고 싶은 것을 말하세요',
      text: '쉬운 말이면 됩니다. 아래에 모델이 읽는 토큰 수가 나오고, {heavier}로 단어의 가중치를 높입니다.',
    },
    settings: {
      title: '다듬기',
      text: '설정은 처음부터 모델에 맞춰져 있습니다. 항목마다 한 문장의 도움말이 있고, 바꾼 것은 점으로 표시됩니다. 점을 클릭하면 되돌립니다.',
    },
    generate: {
      title: '만들기',
      text: '한 번 클릭하면 그림이 만들어지고, 더 클릭하면 대기열에서 기다립니다. 번개는 쓰는 동안 그립니다.',
    },
    canvas: {
      title: '그림이 드러나는 과정 보기',
      text: '그림은 스텝마다 선명해집니다. 아래에 다음 할 일이 있습니다: 다시 생성, 이 그림에서 시작, 확대.',
    },
    pages: {
      title: '그 밖의 모든 것',
      text: '보관함은 모든 그림을 설정과 함께 보관하고, 모델은 그릴 때 쓰는 것을, 실험실은 원리를 보여 줍니다. {palette}로 무엇이든 이름으로 찾고, {shortcuts}로 키 목록을 봅니다.',
    },
  },
  newsLine: 'Latent Studio에 새 기능이 생겼습니다.',
  newsShow: '새로운 점',
  newsTitle: '새로운 점',
  news: {
    grids: {
      title: '그리드',
      text: '같은 그림을 최대 세 매개변수로 나란히: “생성”의 “그리드” 부분.',
    },
    prompt: {
      title: '모델이 읽는 것을 보여 주는 프롬프트',
      text: '토큰, 구획, 가중치를 색으로 보여 주고, 입력하는 동안 제안하며, 프롬프트를 모아 둡니다.',
    },
    mask: {
      title: '한 부분을 다시 칠하기',
      text: '시작 그림 위의 브러시, 올가미, 부드러운 가장자리. 그림의 끝을 끌면 바깥으로 넓어집니다.',
    },
    library: {
      title: '찾아 주는 보관함',
      text: '별, 태그, 앨범, “steps>30” 같은 검색. 그림을 비교해 무엇이 다른지 봅니다.',
    },
    pause: {
      title: '그림 도중에 일시 정지',
      text: '나중에, 다시 시작한 뒤에도, 같은 픽셀까지 이어 갑니다.',
    },
    languages: {
      title: '더 많은 언어',
      text: '일곱 언어가 더 있습니다. 모국어로 쓰는 사람의 검수는 아직입니다. 설정에서 고르세요.',
    },
  },
}
