// What cards and the bot say in Japanese, in the polite form as Teams itself does.

import type { Catalogue } from './card-texts.ts';
import { JAPANESE_ANSWERS } from './japanese-answers.ts';
import { countAsksInJapanese } from './japanese-asks.ts';

const HOW_TO_STOP =
  'メッセージを止めるには、「stop」と入力するか、Teams でこのアプリを削除またはブロックしてください。';

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
    more: (count) => `… ほか ${number(count)} 件`,
    messages: (count) => `メッセージ ${number(count)} 件`,
    topicsCount: (count, subscribed) => `トピックは ${number(count)} 件、登録は ${number(subscribed)} 件です。`,
    openThings: (count) => `未解決のものが ${number(count)} 件あります。`,
    tooManyMutes: (max) => `ミュートできるのは ${number(max)} 件までです。先にどれかを解除してください。`,
    tooLong: (maxLength) => `長すぎます。読めるのは ${number(maxLength)} 文字までです。`,
    tellLimit: (perHour) => `伝言は 1 時間に ${number(perHour)} 回までです。後でもう一度お試しください。`,
  }),
  welcome: {
    greeting: 'こんにちは。これからよろしくお願いします。',
    lines: [
      'ビルド、アラート、チケットなど、組織のシステムからのメッセージをお届けします。',
      'ご自身または管理者がこのアプリをインストールしたため、メッセージが届きます。設定は必要ありません。',
      '何をいつ受け取るかは自由に決められます。topics、mute、quiet、digest と入力するか、「設定」 を押してください。',
      '詳しく知りたいときは、「ヘルプ」と入力してください。',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: '申し訳ありません、理解できませんでした。',
    title: 'できること',
    lines: [
      '組織のシステムからのメッセージをここに投稿します。どのシステムが送信したかは、各メッセージに記載されています。',
      'メッセージの下のボタンで関連するページが開き、送信元の横の点で届いた理由の確認やミュートができます。',
      'この説明をもう一度表示するには、「ヘルプ」と入力してください。',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'ヘルプ',
  retiredButton: 'このボタンは現在使用されていません。',
  answers: JAPANESE_ANSWERS,
  countAsks: countAsksInJapanese,
};
