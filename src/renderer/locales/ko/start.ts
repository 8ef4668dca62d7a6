import type { Begun } from '../en.ts'
import type { start as english } from '../en/start.ts'

export const start: Begun<typeof english> = {
  drop: '그림을 놓거나, 붙여넣거나, 고르세요',
  release: '놓으면 이 그림에서 시작합니다',
  reading: '그림을 읽는 중…',
  alt: '시작 이미지',
  size: '{width} × {height}',
  takeShape: '이 모양으로 그리기: {width} × {height}',
  found: '파일에 만든 방법이 적혀 있습니다({source}).',
  useFound: '사용',
  useFoundHelp: '파일의 설정으로 입력란을 채우고 시작 이미지를 제거합니다.',
  noise: '노이즈 {share}',
  noiseHelp: '시작할 때 노이즈가 차지하는 비율(분산 기준)이며, 나머지는 그림입니다.',
  noised: '모델이 보는, 노이즈 {share}가 섞인 시작 이미지',
  seeNoise: '노이즈 보기',
  seeNoiseHelp: '이 강도가 시작하는 만큼의 노이즈가 섞인 그림을 모델이 보는 대로 보여 줍니다.',
  looking: '모델이 그림을 보는 중…',
  change: {
    crop: '{share}를 잘라 냅니다',
    fit: '가장자리를 늘려 {share}를 더합니다',
    stretch: '{share} 늘입니다',
  },
  seeFitting: '캔버스에서 보기',
  seeFittingHelp: '이 크기에서 그림이 어떻게 쓰이는지, 바꾸는 동안 캔버스에 보여 줍니다.',
  fitted: '{width} × {height}로 쓰이는 시작 이미지: {change}',
  backFromFitting: '마지막 그림으로 돌아가기',
}
