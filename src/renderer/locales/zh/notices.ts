import type { NoticeCode } from '../../../shared/notices.ts'
import { linksHere } from './links.ts'

/** 通知的中文说法；英文的错误原因附在后面。 */
export const noticeHere: Record<NoticeCode, string> = {
  ...linksHere,

  databaseMissing: '数据库不见了，已根据图片重建历史：找回 {count} 张。',
  databaseEmpty: '数据库是空的，已根据图片重建历史：找回 {count} 张。',
  databaseReplaced: '数据库已损坏，已根据图片重建历史：找回 {count} 张。',
  databaseKept:
    '数据库已损坏，旧文件保存为 {file}（确认什么都不缺后可以删除），已根据图片重建历史：找回 {count} 张。',
  notInPictures: '队列、网格和回收站标记无法恢复：原来在回收站里的图片会出现在历史中。',
  queueIncomplete: '旧队列没能全部读出：可能缺少一些排队中的任务。',
  trashIncomplete: '回收站标记没能全部读出：原来在回收站里的图片可能出现在历史中。',
  databaseDamaged: '数据库已损坏（{reason}）。请重新启动 Latent Studio，它会根据图片重建。',
  entryUnread:
    '历史中图片 {id} 的记录无法读取（{reason}），已略过。图片本身（{file}）仍在；下次启动时会尽可能据此重建记录。',
  entriesMade:
    '磁盘上有一张图片在历史中没有可读的记录，现已补上。 | 磁盘上有 {count} 张图片在历史中没有可读的记录，现已补上。',
  jobUnread: '队列中的任务 {id} 无法读取（{reason}），已略过。',
  queueUnwritten: '队列无法保存。{reason}',
  unfinishedLost: '任务继续时，正在画的图片将从头开始。{reason}',

  ofFile: '{file}：',
  settingsUnread: '文件无法读取（{reason}），正在使用默认设置。',
  settingEntries: '“{name}”中无效的内容已去掉：{reason}。',
  settingDefault: '“{name}”无效（{reason}），改用默认值：{value}。',
  settingsKept: '原来的文件保存为 {file}。',
  settingsNotKept: '原来的文件无法复制（{reason}），下次更改设置时会被覆盖。',
  settingsUnknown: '这个版本不认识，原样保留：{names}。',
  optionsUnread: '{file} 无法读取，其他程序将按通常的设置作画。请修正或移走它。',
  listBroken: '{file} 不是 JSON 列表，其中的内容都无法使用。请修正或移走它。',
  listKept: '{file} 不是 JSON 列表；原来的文件保存为 {kept}。',
  listEntries: '{file}：有 {count} 项无法读取，已略过。它们仍留在文件中。',

  textLarge: '没有读取 {file}：它超过 32 MiB。请把它拆开。',
  textForeign: '没有读取 {file}：它不是 UTF-8、UTF-16、UTF-32 或 Windows-1252 文本。请存为 UTF-8。',
  textWindows: '{file} 不是 UTF-8，已按 Windows-1252 读取。如有乱码，请存为 UTF-8。',
  textUnread: '没有读取 {file}：{reason}。',
  stylesColumns:
    'styles.csv 的第一行缺少这些列：{missing}（现有：{found}），其中的风格无法使用。第一行应为 name,prompt,negative_prompt。',

  modelOfImageByHash: '这张图片的模型 {name} 已按哈希（{hash}）找回：{path}。',
  modelOfJobByHash: '这个任务的模型 {name} 已按哈希（{hash}）找回：{path}。',
  modelOfImageByName: '这张图片的模型 {name} 已按名称找到：{path}。',
  modelOfJobByName: '这个任务的模型 {name} 已按名称找到：{path}。',
  modelChanged: '{name} 的文件在这张图片生成之后变过（当时为 {hash}），所以新图会有不同。',
  modelOther: '它的文件与以前生成图片时所用的（{hash}）不同。',
  fileRenamed: '{kind} {file}（{hash}）已按哈希找到：它在这里叫 {name}。',
  fileOther: '{kind} {file}（{hash}）在这里是另一个同名文件，所以图片会有不同。',
  upscalerRenamed: '放大模型“{file}”现在叫“{name}”，内容相同。',
  upscalerOther: '放大模型“{file}”与生成这张图片时所用的不是同一个文件：像素可能不同。',
  defaultsUnread: '{file} 的起始设置无法读取，已略过。请重新设置。',

  folderMissing:
    '模型文件夹 {folder} 不存在或无法读取，列表中缺少其中的模型。请检查磁盘是否已连接并重新查找，或把它从模型文件夹中去掉。',
  folderSilent: '模型文件夹 {folder} 没有应答，列表中可能缺少其中一些模型。请选择一个主要存放模型的文件夹。',
  folderSlow:
    '查看模型文件夹 {folder} 用时过长，列表中可能缺少其中一些模型。请选择一个主要存放模型的文件夹。',
  folderLarge:
    '模型文件夹 {folder} 中的文件和文件夹太多，没有全部查看，列表中可能缺少一些模型。请选择一个主要存放模型的文件夹。',
  extraPathsUnread: '{file} 无法读取（{reason}），其中列出的模型文件夹已略过。请修正后重新查找模型。',
  extraPathsLong: '{file} 太长（{size} 字节），其中列出的模型文件夹已略过。请修正后重新查找模型。',
  downloadUnread: '{file} 无法读取，这项下载已略过。请删除该文件并重新开始下载。',
  mirrorIgnored: '没有使用 HF_ENDPOINT：它必须是以 https:// 开头的地址。',

  importsFailed: '图片文件夹无法查看：{reason}',
  importsCut: '没有看完 {folder}。',
  importsMissing:
    '{path} 不存在或无法读取。其中的图片仍保留在图库中；请检查磁盘是否已连接，或把 {folder} 从文件夹中去掉。',
  importsLarge: '{folder} 中的文件和文件夹太多，没有全部查看。请选择一个主要存放图片的文件夹。',
  importsEmpty:
    '{folder} 现在是空的。其中的 1 张图片仍保留在图库中；请检查磁盘是否已连接，或把它从文件夹中去掉。 | {folder} 现在是空的。其中的 {count} 张图片仍保留在图库中；请检查磁盘是否已连接，或把它从文件夹中去掉。',
  importUnread: '{file} 无法读取（{reason}）。请检查文件的权限；下次查看时会再试。',
  importsUnread:
    '{file} 和另外 1 个文件无法读取（{reason}）。请检查文件的权限；下次查看时会再试。 | {file} 和另外 {count} 个文件无法读取（{reason}）。请检查文件的权限；下次查看时会再试。',

  deviceGivenUp:
    '{device} 失败了两次，任务改在 CPU 上继续，速度较慢；把设备设为 CPU 可省去这些尝试。{reason}',
  deviceTooSmall: '任务改在 CPU 上继续，速度较慢。{reason}',
  turboOnCard: '极速只用于 CPU：在 {device} 上，图片按通常的方式计算。',
  turboOnGraphs: '极速需要模型的权重：这个模型是 ONNX 图，因此按通常的方式计算。',
  otherWidening:
    '内存不足，无法按这张图片当时的方式计算：权重留在文件中。新图的个别数值可能相差 256 级中的一级。',
  otherGuidance:
    '这张图片当时将引导的两次预测合并计算，目前在这里无法做到：改为先后进行。新图的个别数值可能略有不同。',
  previewsCoarse: '预览较粗糙。{reason}',
  adapterLeftOut: '{name}（{path}）中的这些张量在这个模型里没有对应之处，已略过：{tensors}。',
  halfOverflowed:
    '模型的自动编码器（VAE）在半精度（float16）下没有得出图片，潜变量已改用 float32 重新解码。使用 float32 的导出版本可省下这段时间。',
  decodedOnCpu:
    '{device} 未能把完成的潜变量变成图片，已在 CPU 上用 float32 重新解码。如果经常这样，请把设备设为 CPU。',

  farmAway: '农场的 Redis（{redis}）暂时连不上。任务在工作室中等待，恢复后继续。',
  pausesUnread: '{file} 无法读懂，因此不再有暂停的工作机。请重新暂停它们。',

  updateReady: 'Latent Studio {version} 已下载，退出时安装。',
  updateFailed: '未能下载新版本（{reason}）。没有任何改动；下次启动时再试。',
}
