// What cards and the bot say in Japanese, in the polite form as Teams itself does.

import type { Catalogue } from './card-texts.ts';

const HOW_TO_STOP = 'メッセージを止めるには、Teams でこのアプリを削除またはブロックしてください。';

/** Japanese, which has one form for every count. */
export const JAPANESE: Catalogue = {
  isRightToLeft: false,
  severities: { info: '情報', success: '成功', warning: '警告', error: 'エラー', critical: '重大' },
  states: { open: '未解決', acknowledged: '確認済み', resolved: '解決済み' },
  labelled: (label, text) => `${label}: ${text}`,
  source: (name) => `送信元: ${name}`,
  replaced: 'この件に関する新しいメッセージに置き換えられました。',
  counted: ({ number }) => ({
    reported: (count, isAtLeast, since) => `${since} 以降に ${number(count)} 回${isAtLeast ? '以上' : ''}報告`,
    times: (count) => `×\u00a0${number(count)}`,
    earlier: (count) => `… 以前の報告 ${number(count)} 件`,
    moreCharacters: (count) => `… ほか ${number(count)} 文字`,
    moreFacts: (count) => `… ほか ${number(count)} 項目`,
    moreLinks: (count) => `… ほかリンク ${number(count)} 件`,
    moreImages: (count) => `… ほか画像 ${number(count)} 枚`,
    unsafeLinks: (count) => `リンク ${number(count)} 件を省略しました: 通常の https アドレスではありません`,
  }),
  welcome: {
    greeting: 'こんにちは。これからよろしくお願いします。',
    lines: [
      'ビルド、アラート、チケットなど、組織のシステムからのメッセージをお届けします。',
      'ご自身または管理者がこのアプリをインストールしたため、メッセージが届きます。設定は必要ありません。',
      '詳しく知りたいときは、「ヘルプ」と入力してください。',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: '申し訳ありません、理解できませんでした。メッセージをお届けするほかは、あまり得意ではありません。',
    title: 'できること',
    lines: [
      '組織のシステムからのメッセージをここに投稿します。どのシステムが送信したかは、各メッセージに記載されています。',
      'メッセージの下のボタンを押すと、関連するページが開きます。',
      'この説明をもう一度表示するには、「ヘルプ」と入力してください。',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'ヘルプ',
  retiredButton: 'このボタンは現在使用されていません。',
};
