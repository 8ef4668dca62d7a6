import type { Words } from './en.ts'

export const ko: Words = {
  ready: (count) => (count === 1 ? '그림이 완성되었습니다' : `그림 ${count}개가 완성되었습니다`),
  failed: '그림을 만들지 못했습니다',
  quitWhile: '그림을 만들고 있습니다. 그래도 끝낼까요?',
  closeWhile: '그림을 만들고 있습니다. 어떻게 할까요?',
  quitDetail: '완성된 그림은 남습니다. 끝나지 않은 것은 Latent Studio를 다시 열면 이어집니다.',
  closeDetail:
    '창이 없어도 대기열이 모두 끝날 때까지 계속됩니다. Latent Studio를 다시 열면 창이 돌아옵니다. 종료할 때 끝나지 않은 것은 다음에 이어집니다.',
  keepWorking: '계속 작업',
  goOnWithoutWindow: '창 없이 계속',
  quit: '종료',
  cancel: '취소',
  update: {
    isThere: (version) => `Latent Studio ${version}이(가) 나왔습니다. 내려받을까요?`,
    detail: '종료할 때 설치됩니다. 그림, 모델, 설정은 그대로 남습니다.',
    fetchIt: '내려받기',
    notNow: '나중에',
  },
  menu: {
    file: '파일',
    newWindow: '새 창',
    openDataFolder: '데이터 폴더 열기',
    edit: '편집',
    view: '보기',
    help: '도움말',
    licences: '타사 라이선스',
  },
  roles: {
    undo: '실행 취소',
    redo: '다시 실행',
    cut: '잘라내기',
    copy: '복사',
    paste: '붙여넣기',
    pasteAndMatchStyle: '스타일을 맞춰 붙여넣기',
    delete: '삭제',
    selectAll: '모두 선택',
    close: '창 닫기',
    reload: '다시 불러오기',
    resetZoom: '실제 크기',
    zoomIn: '확대',
    zoomOut: '축소',
    togglefullscreen: '전체 화면',
    about: 'Latent Studio 정보',
    services: '서비스',
    hide: 'Latent Studio 가리기',
    hideOthers: '나머지 가리기',
    unhide: '모두 보기',
    quit: '종료',
  },
  failure: {
    couldNotOpen: 'Latent Studio를 열지 못했습니다',
    wentWrong: 'Latent Studio에 문제가 생겼습니다',
    goesOn: (logFile) =>
      `프로그램은 계속됩니다. 작동하지 않는 것이 있으면 종료하고 다시 열어 주세요. 자세한 내용은 ${logFile}에 있습니다.`,
    pageGone: 'Latent Studio 창을 표시할 수 없습니다',
    pageGoneDetail: (times, reason) =>
      `페이지가 연속으로 ${times}번 종료되었습니다(${reason}). 그림은 계속 만들어집니다. 메모리가 모자라면 다른 프로그램을 닫은 다음 ‘보기 → 다시 불러오기’를 선택하세요.`,
  },
  opening: {
    broughtUp: '이 버전에 맞게 기록을 업데이트하고 있습니다: {count}개 중 {done}개.',
    picturesSorted: '검색을 위해 그림을 정리하고 있습니다: {done} / {count}.',
    promptsSorted: '검색을 위해 프롬프트를 정리하고 있습니다: {done} / {count}.',
    overwritten: '기록은 최신입니다. 삭제된 것을 덮어쓰고 있습니다.',
    waits:
      '다른 Latent Studio가 {folder}을(를) 열고 있습니다(기록을 업데이트하거나 다시 만드는 중). 끝나면 이어서 진행합니다.',
  },
}
