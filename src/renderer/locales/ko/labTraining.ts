import type { Begun } from '../en.ts'
import type { labTraining as english } from '../en/labTraining.ts'

export const labTraining: Begun<typeof english> = {
  title: '학습',
  sentence:
    '네트워크는 노이즈에 덮인 그림을 보고 노이즈가 무엇이었는지 말하는 법을 배웁니다. 그것이 전부입니다.',
  views: { pictures: '스텝', starters: 'Starter', learning: '알고리즘 1', drawing: '알고리즘 2' },
  says: {
    learning:
      '배우는 법: 그림, 스텝, 노이즈를 골라 한 번에 섞고, 노이즈의 추측이 틀린 만큼 네트워크를 고칩니다.',
    drawing:
      '그리는 법: 순수한 노이즈에서 네트워크가 보는 노이즈를 조금 빼고, 더 적은 새 노이즈를 돌려주고, 다시 되풀이합니다. 마지막 스텝에서는 돌려주지 않습니다.',
  },
  caption: '{of}스텝 중 {step} 뒤, 모두 같은 노이즈에서.',
  checkpoint: '학습 스텝',
  pixels:
    '스튜디오에 딸려 오는 “Starter, pixels”의 그림입니다: 32 × 32 픽셀, 단어 없음, 프로그램이 그린 장면으로 학습.',
  curves: '얼마나 잘 추측하는가',
  loss: 'loss',
  lossTitle: '스텝에 따른 loss',
  now: '이 스텝에서',
  end: '끝에서',
  errorTitle: '타임스텝마다의 오차, 본 적 없는 장면',
  errorHelp: '노이즈가 많으면(오른쪽) 노이즈는 보기 쉽고 그림은 맞히기 어려우며, 적으면(왼쪽) 그 반대입니다.',
  starterCaption: 'Starter {which} / {of}: {side} × {side} 픽셀, 배운 사물 {kinds}가지.',
  whichStarter: '어느 Starter',
  startersHelp:
    '이 프로젝트가 학습시킨 Starter마다 같은 아홉 그림을 요청했습니다: 시드 1, DDIM 20스텝, CFG 4, 오늘의 엔진. 저마다의 학습에서 나온 저마다의 모델이며, 하나의 체크포인트들이 아닙니다. 도중의 가중치는 남기지 않았습니다.',
  asked: '무엇을 요청했는가',
  askedHelp:
    '왼쪽에서 오른쪽으로, 한 줄씩. 마지막 셋이 말하는 여우, 모자, 말은 가장 새것만 그리는 법을 배웠습니다. 128 × 128 그림은 확대해 보여 줍니다. 가장 새것은 더 큰 노이즈에서 시작하므로 시드 1이 다른 것입니다.',
  starterCurveTitle: '가장 새것이 배운 과정',
  starterCurve: '학습에 따라 줄어드는 Starter 디노이저의 오차',
  starterHelp:
    'Starter들은 픽셀 모델처럼 배우지만 latent와 설명 글로 배웁니다. 가장 새것은 앞선 것의 가중치에서 그래픽 카드로 배웠습니다. 그 학습에서 남은 것은 수치 없는 이 그림입니다: 2,870스텝의 loss, 로그 눈금.',
  toy: '작은 것을 직접 학습시키기',
}
