import type { Begun } from '../en.ts'
import type { labRace as english } from '../en/labRace.ts'

export const labRace: Begun<typeof english> = {
  title: '샘플러 경주',
  sentence: '고른 샘플러들에 같은 노이즈를 주며, 누구도 네트워크에 더 자주 물을 수 없습니다.',
  settings: '경주',
  name: '{sampler}, {schedule}',
  samplerOf: '주자 {number}의 샘플러',
  scheduleOf: '주자 {number}의 스케줄러',
  leave: '{name}을(를) 경주에서 빼기',
  add: '주자 추가',
  twice: '{name}은(는) 이미 달립니다.',
  evaluations: '평가 횟수',
  evaluationsHelp: '라운드가 늘면 그래프의 선이 길어지고, 라운드마다 앞선 것의 두 배가 걸립니다.',
  upTo: '{count}까지',
  referenceRun: '기준',
  referenceName: '기준: {name}, 평가 {evaluations}회',
  referenceHelp:
    'Normal 스케줄의 DPM++ 2M 평가 횟수이며 그 끝을 정확하다고 봅니다. 적을수록 빠르지만 그보다 작은 오차는 믿을 수 없습니다.',
  go: '경주 시작',
  goOn: '경주 이어 가기',
  stop: '멈추기',
  running: {
    reference: '기준, 평가 {evaluations}회',
    own: '{name}: 평가 {evaluations}회',
    other: '{name}: 다른 노이즈로 평가 {evaluations}회',
  },
  ahead: '남은 평가 {count}회.',
  interrupted: '모델에 다른 요청이 있었습니다. 남은 평가 {count}회.',
  over: '모두 달렸습니다.',
  round: '보이는 실행의 평가 횟수',
  at: '평가 {of}회 중 {at}회 뒤',
  evaluation: '평가',
  play: '나타나게 하기',
  pause: '일시 정지',
  ran: '{steps}스텝에 평가 {evaluations}회',
  error: '기준에서 {error}',
  develops: '평가 {round}회 중 하나…',
  verdict: {
    open: '한 라운드로는 아직 알 수 없음',
    converges: '수렴: 차수 {order}',
    stays: '가까워지지 않음: 차수 {order}',
    wanders: '헤맴: 다른 노이즈는 {spread} 떨어져 끝남',
  },
  curve: '기준과의 거리',
  kind: { whole: '전체 실행', inside: '한 실행 안' },
  titleWhole: '전체 실행의 오차',
  titleInside: '평가 {round}회 실행에서 추측의 오차',
  says: {
    whole:
      '점마다 그 평가 횟수의 전체 실행이며, latent(표준편차 약 1)가 기준에서 얼마나 먼지 보여 줍니다. 이것이 수렴입니다. 선이 가파르게 떨어질수록 차수가 높습니다. 점선은 헤맵니다. 그림이 더해지는 노이즈에 달려 있어, 똑같이 좋은 여러 그림 가운데 하나와 견줍니다.',
    inside:
      '한 실행 안에서 평가마다 추측한 깨끗한 그림이며, 다른 실행이 필요 없습니다. 그림이 어떻게 나타나는지 보여 줄 뿐, 어느 샘플러가 더 정확한지는 아닙니다. 추측마다 제 실행의 그림에서 끝납니다.',
  },
  keep: '{count}개를 그림으로 보관',
  keepHelp: '이 라운드의 주자마다의 그림을 대기열에 넣습니다. 보관함의 보통 그림이 됩니다.',
  queued: '그림 {count}개가 대기열에 있습니다.',
  caption:
    '“{prompt}”, 시드 {seed}: 같은 노이즈를 여러 샘플러로, 평가 {of}회 중 {at}회 뒤, {reference}회의 DPM++ 2M과 비교.',
  cannot:
    '다른 그림을 고르세요. “앞으로”와 “잠재 공간”은 그림을 읽을 수 있는 어떤 모델로든 이 그림을 봅니다.',
  note: {
    unknown: '주소에 스케줄러가 있는 샘플러가 아닌 것이 있습니다: {names}. 나머지는 달립니다.',
    repeated: '주소에 두 번 적힌 것이 있습니다: {names}. 한 번만 달립니다.',
    tooMany: '{most}까지만 달립니다: {names}은(는) 빠졌습니다.',
    evaluations: '평가 {asked}회의 마지막 라운드가 없어 {taken}회로 했습니다.',
    reference: '기준은 평가 {asked}회일 수 없어 {taken}회로 했습니다.',
    round: '평가 {asked}회의 라운드가 없습니다(있는 것: {rounds}). 가장 새것을 보여 줍니다.',
    start: '이 그림은 다른 그림에서 시작했습니다. 경주는 그 노이즈만으로 시작합니다.',
    branch: '이 그림은 갈래입니다. 모두 끝의 설정대로 그린 것처럼 달립니다.',
    hires: '첫 번째 패스만 달립니다.',
    fast: '“빠르게”는 뺍니다. 모든 예측을 묻습니다.',
    turned: '이 그림이 샘플러에서 바꾼 것(eta, churn, rho)은 뺍니다. 저마다 만들어진 대로 달립니다.',
    takes:
      '그림과 노이즈를 직선으로 섞는 모델(flow)입니다. {samplers}을(를) 받고, 스케줄러는 {schedules}입니다. 나머지는 이 모델이 따르지 않는 규칙으로 노이즈를 넣습니다.',
  },
}
