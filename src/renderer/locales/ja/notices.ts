import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing: 'データベースがなかったため、画像から履歴を作り直しました。戻った画像: {count} 枚。',
  databaseEmpty: 'データベースが空だったため、画像から履歴を作り直しました。戻った画像: {count} 枚。',
  databaseReplaced: 'データベースが壊れていたため、画像から履歴を作り直しました。戻った画像: {count} 枚。',
  databaseKept:
    'データベースが壊れていました。元のファイルは {file} として残し（不足がなければ削除できます）、画像から履歴を作り直しました。戻った画像: {count} 枚。',
  notInPictures: 'キュー、グリッド、ゴミ箱の印は戻せませんでした。ゴミ箱にあった画像は履歴に表示されます。',
  queueIncomplete: '元のキューを全部は読めませんでした。待っていたジョブが欠けているかもしれません。',
  trashIncomplete: 'ゴミ箱の印を全部は読めませんでした。ゴミ箱にあった画像が履歴に表示されるかもしれません。',
  databaseDamaged:
    'データベースが壊れています（{reason}）。Latent Studio を起動し直すと、画像から作り直します。',
  entryUnread:
    '履歴にある画像 {id} の記録が読めないため（{reason}）、省きました。画像そのもの（{file}）は残っています。できるときは、次の起動時に画像から記録を作り直します。',
  entriesMade:
    'ディスク上の画像 1 枚に、読める履歴の記録がありませんでした。記録を作りました。 | ディスク上の画像 {count} 枚に、読める履歴の記録がありませんでした。記録を作りました。',
  jobUnread: 'キューのジョブ {id} が読めないため（{reason}）、省きました。',
  queueUnwritten: 'キューを保存できませんでした。{reason}',
  unfinishedLost: '描きかけの画像は、ジョブの再開時に最初から描き直します。{reason}',

  ofFile: '{file}：',
  settingsUnread: 'ファイルが読めないため（{reason}）、既定の設定を使っています。',
  settingEntries: '「{name}」のうち正しくないものを除きました：{reason}。',
  settingDefault: '「{name}」が正しくないため（{reason}）、既定値を使っています：{value}。',
  settingsKept: '元のファイルは {file} として残しました。',
  settingsNotKept: '元のファイルをコピーできませんでした（{reason}）。次に設定を変えると上書きされます。',
  settingsUnknown: 'このバージョンが知らないため、そのまま残したもの：{names}。',
  optionsUnread: '{file} が読めないため、他のプログラムは通常の設定で描きます。直すか、取り除いてください。',
  listBroken: '{file} は JSON のリストではないため、使えません。直すか、取り除いてください。',
  listKept: '{file} は JSON のリストではありませんでした。元のファイルは {kept} として残しました。',
  listEntries: '{file}：{count} 件が読めないため、省きました。ファイルには残っています。',

  textLarge: '{file} は読みませんでした。32 MiB を超えています。分けてください。',
  textForeign:
    '{file} は読みませんでした。UTF-8、UTF-16、UTF-32、Windows-1252 のテキストではありません。UTF-8 で保存してください。',
  textWindows:
    '{file} は UTF-8 ではないため、Windows-1252 として読みました。文字がおかしいときは UTF-8 で保存してください。',
  textUnread: '{file} は読めませんでした：{reason}。',
  stylesColumns:
    'styles.csv の 1 行目に列 {missing} がないため（あるもの：{found}）、スタイルを使えません。1 行目は name,prompt,negative_prompt にしてください。',

  modelOfImageByHash: 'この画像のモデル {name} がハッシュ（{hash}）で見つかりました：{path}。',
  modelOfJobByHash: 'このジョブのモデル {name} がハッシュ（{hash}）で見つかりました：{path}。',
  modelOfImageByName: 'この画像のモデル {name} が名前で見つかりました：{path}。',
  modelOfJobByName: 'このジョブのモデル {name} が名前で見つかりました：{path}。',
  modelChanged:
    '{name} のファイルはこの画像を作ったときから変わっているため（当時 {hash}）、新しい画像は違うものになります。',
  modelOther: 'そのファイルは、以前に画像を作ったときのもの（{hash}）とは別です。',
  fileRenamed: '{kind} {file}（{hash}）がハッシュで見つかりました。ここでの名前は {name} です。',
  fileOther: '{kind} {file}（{hash}）は、ここでは同じ名前の別のファイルです。画像は違うものになります。',
  upscalerRenamed: 'アップスケーラー「{file}」の名前は今は「{name}」です。中身は同じです。',
  upscalerOther:
    'アップスケーラー「{file}」はこの画像を作ったときとは別のファイルです。ピクセルが違うことがあります。',
  defaultsUnread: '{file} の初期設定が読めないため、省きました。設定し直してください。',

  folderMissing:
    'モデルのフォルダ {folder} がないか読めないため、中のモデルが一覧にありません。ディスクがつながっているか確かめてもう一度探すか、フォルダの一覧から外してください。',
  folderSilent:
    'モデルのフォルダ {folder} が応答しないため、一部のモデルが一覧にないかもしれません。主にモデルを入れたフォルダを選んでください。',
  folderSlow:
    'モデルのフォルダ {folder} を調べるのに時間がかかりすぎたため、一部のモデルが一覧にないかもしれません。主にモデルを入れたフォルダを選んでください。',
  folderLarge:
    'モデルのフォルダ {folder} にはファイルとフォルダが多すぎて調べきれないため、一部のモデルが一覧にないかもしれません。主にモデルを入れたフォルダを選んでください。',
  extraPathsUnread:
    '{file} が読めないため（{reason}）、書かれたモデルのフォルダを省きました。直してからモデルを探し直してください。',
  extraPathsLong:
    '{file} が長すぎるため（{size} バイト）、書かれたモデルのフォルダを省きました。直してからモデルを探し直してください。',
  downloadUnread:
    '{file} が読めないため、このダウンロードを省きました。ファイルを消して、始め直してください。',
  mirrorIgnored: 'HF_ENDPOINT は使いません。https:// で始まるアドレスが必要です。',

  importsFailed: '画像のフォルダを調べられませんでした：{reason}',
  importsCut: '{folder} は最後まで調べていません。',
  importsMissing:
    '{path} がないか読めません。中の画像は残ります。ディスクがつながっているか確かめるか、{folder} をフォルダの一覧から外してください。',
  importsLarge:
    '{folder} にはファイルとフォルダが多すぎて調べきれません。主に画像を入れたフォルダを選んでください。',
  importsEmpty:
    '{folder} は今、空です。画像 1 枚は残ります。ディスクがつながっているか確かめるか、フォルダの一覧から外してください。 | {folder} は今、空です。画像 {count} 枚は残ります。ディスクがつながっているか確かめるか、フォルダの一覧から外してください。',
  importUnread:
    '{file} が読めませんでした（{reason}）。ファイルの権限を確かめてください。次に調べるときにもう一度試します。',
  importsUnread:
    '{file} とほか 1 件が読めませんでした（{reason}）。ファイルの権限を確かめてください。次に調べるときにもう一度試します。 | {file} とほか {count} 件が読めませんでした（{reason}）。ファイルの権限を確かめてください。次に調べるときにもう一度試します。',

  deviceGivenUp:
    '{device} が 2 回失敗したため、ジョブは CPU でゆっくり続けます。デバイスを CPU にすると試行を省けます。{reason}',
  deviceTooSmall: 'ジョブは CPU でゆっくり続けます。{reason}',
  turboOnCard: 'Turbo は CPU 用です。{device} では通常どおり計算しました。',
  turboOnGraphs: 'Turbo にはモデルの重みが必要です。このモデルは ONNX グラフなので、通常どおり計算しました。',
  otherWidening:
    'この画像のときと同じ計算をするにはメモリが足りません。重みはファイルに残します。新しい画像では、値が 256 段階のうち 1 段階違うことがあります。',
  otherGuidance:
    'この画像では CFG の 2 つの予測をまとめて計算しましたが、今ここではできません。順番に計算します。新しい画像では、値がわずかに違うことがあります。',
  previewsCoarse: 'プレビューは粗くなります。{reason}',
  adapterLeftOut:
    '{name}（{path}）の次のテンソルは、このモデルのどこにも当てはまらないため、省きました：{tensors}。',
  halfOverflowed:
    'モデルのオートエンコーダー（VAE）は半精度（float16）では画像になりませんでした。潜在表現を float32 で復号し直しました。float32 で書き出したものなら、この時間を省けます。',
  decodedOnCpu:
    '{device} は完成した潜在表現を画像にできませんでした。CPU で float32 を使って復号し直しました。よく起こるなら、デバイスを CPU にしてください。',

  farmAway: 'ファームの Redis（{redis}）につながりません。ジョブはスタジオで待ち、戻ったら続けます。',
  pausesUnread:
    '{file} が読み取れないため、一時停止中のワーカーはなくなりました。もう一度一時停止してください。',

  updateReady: 'Latent Studio {version} をダウンロードしました。終了時にインストールします。',
  updateFailed:
    '新しいバージョンをダウンロードできませんでした（{reason}）。何も変えていません。次の起動時にもう一度試します。',
}
