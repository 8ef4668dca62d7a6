import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing: '데이터베이스가 없어서 그림에서 기록을 다시 만들었습니다. 되찾은 그림: {count}개.',
  databaseEmpty: '데이터베이스가 비어 있어서 그림에서 기록을 다시 만들었습니다. 되찾은 그림: {count}개.',
  databaseReplaced: '데이터베이스가 손상되어 그림에서 기록을 다시 만들었습니다. 되찾은 그림: {count}개.',
  databaseKept:
    '데이터베이스가 손상되었습니다. 원래 파일은 {file}(으)로 남겨 두고(빠진 것이 없으면 지우세요) 그림에서 기록을 다시 만들었습니다. 되찾은 그림: {count}개.',
  notInPictures: '대기열, 그리드, 휴지통 표시는 되찾지 못했습니다. 휴지통에 있던 그림은 기록에 나타납니다.',
  queueIncomplete: '원래 대기열을 모두 읽지는 못했습니다. 기다리던 작업이 빠져 있을 수 있습니다.',
  trashIncomplete: '휴지통 표시를 모두 읽지는 못했습니다. 휴지통에 있던 그림이 기록에 나타날 수 있습니다.',
  databaseDamaged:
    '데이터베이스가 손상되었습니다({reason}). Latent Studio를 다시 시작하면 그림에서 다시 만듭니다.',
  entryUnread:
    '기록에서 그림 {id}의 항목을 읽을 수 없어({reason}) 뺐습니다. 그림({file})은 그대로 있으며, 가능하면 다음에 시작할 때 그림에서 항목을 다시 만듭니다.',
  entriesMade:
    '디스크의 그림 1개에 읽을 수 있는 기록 항목이 없었습니다. 이제 있습니다. | 디스크의 그림 {count}개에 읽을 수 있는 기록 항목이 없었습니다. 이제 있습니다.',
  jobUnread: '대기열의 작업 {id}을(를) 읽을 수 없어({reason}) 뺐습니다.',
  queueUnwritten: '대기열을 저장하지 못했습니다. {reason}',
  unfinishedLost: '그리던 그림은 작업을 이어갈 때 처음부터 다시 그립니다. {reason}',

  ofFile: '{file}:',
  settingsUnread: '파일을 읽을 수 없어({reason}) 기본 설정을 씁니다.',
  settingEntries: '“{name}”에서 올바르지 않은 것을 뺐습니다: {reason}.',
  settingDefault: '“{name}”이(가) 올바르지 않아({reason}) 기본값을 씁니다: {value}.',
  settingsKept: '원래 파일은 {file}(으)로 남겨 두었습니다.',
  settingsNotKept: '원래 파일을 복사하지 못했습니다({reason}). 다음에 설정을 바꾸면 덮어씁니다.',
  settingsUnknown: '이 버전이 모르는 것이라 그대로 두었습니다: {names}.',
  optionsUnread: '{file}을(를) 읽을 수 없어 다른 프로그램은 보통 설정으로 그립니다. 고치거나 치우세요.',
  listBroken: '{file}은(는) JSON 목록이 아니어서 쓸 수 없습니다. 고치거나 치우세요.',
  listKept: '{file}은(는) JSON 목록이 아니었습니다. 원래 파일은 {kept}(으)로 남겨 두었습니다.',
  listEntries: '{file}: 읽을 수 없어 뺀 항목 {count}개. 파일에는 남아 있습니다.',

  textLarge: '{file}을(를) 읽지 않았습니다. 32 MiB보다 큽니다. 나누세요.',
  textForeign:
    '{file}을(를) 읽지 않았습니다. UTF-8, UTF-16, UTF-32, Windows-1252 텍스트가 아닙니다. UTF-8로 저장하세요.',
  textWindows: '{file}은(는) UTF-8이 아니어서 Windows-1252로 읽었습니다. 글자가 틀리면 UTF-8로 저장하세요.',
  textUnread: '{file}을(를) 읽지 못했습니다: {reason}.',
  stylesColumns:
    'styles.csv의 첫 줄에 {missing} 열이 없어(있는 것: {found}) 스타일을 쓸 수 없습니다. 첫 줄은 name,prompt,negative_prompt여야 합니다.',

  modelOfImageByHash: '이 그림의 모델 {name}을(를) 해시({hash})로 다시 찾았습니다: {path}.',
  modelOfJobByHash: '이 작업의 모델 {name}을(를) 해시({hash})로 다시 찾았습니다: {path}.',
  modelOfImageByName: '이 그림의 모델 {name}을(를) 이름으로 찾았습니다: {path}.',
  modelOfJobByName: '이 작업의 모델 {name}을(를) 이름으로 찾았습니다: {path}.',
  modelChanged: '이 그림을 만든 뒤 {name}의 파일이 바뀌어(그때는 {hash}) 새 그림은 다르게 나옵니다.',
  modelOther: '이 파일은 전에 그림을 만들 때 쓴 것({hash})과 다릅니다.',
  fileRenamed: '{kind} {file}({hash})을(를) 해시로 찾았습니다. 여기서는 이름이 {name}입니다.',
  fileOther: '{kind} {file}({hash})은(는) 여기서 이름만 같은 다른 파일이라 그림이 다르게 나옵니다.',
  upscalerRenamed: '업스케일러 “{file}”의 이름은 이제 “{name}”입니다. 내용은 같습니다.',
  upscalerOther: '업스케일러 “{file}”은(는) 이 그림을 만든 것과 다른 파일입니다. 픽셀이 다를 수 있습니다.',
  defaultsUnread: '{file}의 시작 설정을 읽을 수 없어 뺐습니다. 다시 정하세요.',

  folderMissing:
    '모델 폴더 {folder}이(가) 없거나 읽을 수 없어 그 모델이 목록에 없습니다. 디스크가 연결되어 있는지 보고 다시 찾거나, 모델 폴더에서 빼세요.',
  folderSilent:
    '모델 폴더 {folder}이(가) 응답하지 않아 일부 모델이 목록에 없을 수 있습니다. 주로 모델이 든 폴더를 고르세요.',
  folderSlow:
    '모델 폴더 {folder}을(를) 살피는 데 너무 오래 걸려 일부 모델이 목록에 없을 수 있습니다. 주로 모델이 든 폴더를 고르세요.',
  folderLarge:
    '모델 폴더 {folder}에 파일과 폴더가 너무 많아 다 살피지 못했습니다. 일부 모델이 목록에 없을 수 있습니다. 주로 모델이 든 폴더를 고르세요.',
  extraPathsUnread:
    '{file}을(를) 읽을 수 없어({reason}) 거기 적힌 모델 폴더를 뺐습니다. 고친 뒤 모델을 다시 찾으세요.',
  extraPathsLong:
    '{file}이(가) 너무 길어({size}바이트) 거기 적힌 모델 폴더를 뺐습니다. 고친 뒤 모델을 다시 찾으세요.',
  downloadUnread: '{file}을(를) 읽을 수 없어 이 다운로드를 뺐습니다. 파일을 지우고 새로 시작하세요.',
  mirrorIgnored: 'HF_ENDPOINT를 쓰지 않습니다. https://로 시작하는 주소여야 합니다.',

  importsFailed: '그림 폴더를 살피지 못했습니다: {reason}',
  importsCut: '{folder}을(를) 끝까지 살피지 않았습니다.',
  importsMissing:
    '{path}이(가) 없거나 읽을 수 없습니다. 그 그림은 그대로 남습니다. 디스크가 연결되어 있는지 보거나 {folder}을(를) 폴더에서 빼세요.',
  importsLarge: '{folder}에 파일과 폴더가 너무 많아 다 살피지 못했습니다. 주로 그림이 든 폴더를 고르세요.',
  importsEmpty:
    '{folder}이(가) 이제 비어 있습니다. 그림 1개는 그대로 남습니다. 디스크가 연결되어 있는지 보거나 폴더에서 빼세요. | {folder}이(가) 이제 비어 있습니다. 그림 {count}개는 그대로 남습니다. 디스크가 연결되어 있는지 보거나 폴더에서 빼세요.',
  importUnread:
    '{file}을(를) 읽지 못했습니다({reason}). 파일 권한을 확인하세요. 다음에 살필 때 다시 시도합니다.',
  importsUnread:
    '{file} 외 1개를 읽지 못했습니다({reason}). 파일 권한을 확인하세요. 다음에 살필 때 다시 시도합니다. | {file} 외 {count}개를 읽지 못했습니다({reason}). 파일 권한을 확인하세요. 다음에 살필 때 다시 시도합니다.',

  deviceGivenUp:
    '{device}이(가) 두 번 실패해 작업은 CPU에서 더 느리게 이어집니다. 장치를 CPU로 고르면 시도를 아낄 수 있습니다. {reason}',
  deviceTooSmall: '작업은 CPU에서 더 느리게 이어집니다. {reason}',
  turboOnCard: 'Turbo는 CPU용입니다. {device}에서는 그림을 보통대로 계산했습니다.',
  turboOnGraphs:
    'Turbo에는 모델의 가중치가 필요합니다. 이 모델은 ONNX 그래프로 되어 있어 보통대로 계산했습니다.',
  otherWidening:
    '이 그림을 계산한 방식대로 하기에는 메모리가 모자랍니다. 가중치는 파일에 둡니다. 새 그림의 값 몇 개가 256단계 중 한 단계 다를 수 있습니다.',
  otherGuidance:
    '이 그림에서는 CFG의 두 예측을 함께 계산했지만 지금 여기에서는 그럴 수 없습니다. 차례로 계산합니다. 새 그림의 값 몇 개가 조금 다를 수 있습니다.',
  previewsCoarse: '미리보기가 거칩니다. {reason}',
  adapterLeftOut: '{name}({path})의 다음 텐서는 이 모델의 어디에도 맞지 않아 뺐습니다: {tensors}.',
  halfOverflowed:
    '모델의 오토인코더(VAE)가 반정밀도(float16)에서 그림을 만들지 못해 잠재값을 float32로 다시 복호화했습니다. float32로 내보낸 것을 쓰면 그 시간을 아낍니다.',
  decodedOnCpu:
    '{device}이(가) 완성된 잠재값을 그림으로 만들지 못해 CPU에서 float32로 다시 복호화했습니다. 자주 그러면 장치를 CPU로 고르세요.',

  farmAway: '팜의 Redis({redis})에 연결할 수 없습니다. 작업은 스튜디오에서 기다리다가 돌아오면 이어집니다.',
  pausesUnread: '{file}을(를) 이해할 수 없어 멈춰 둔 워커가 없습니다. 다시 멈추세요.',

  updateReady: 'Latent Studio {version}을(를) 내려받았습니다. 종료할 때 설치됩니다.',
  updateFailed: '새 버전을 내려받지 못했습니다({reason}). 바뀐 것은 없으며 다음에 시작할 때 다시 시도합니다.',
}
