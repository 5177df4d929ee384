// What is asked, and what is said to the answers, in Japanese.

import type { AskTexts, CountedAsks, DialogTexts, PollTexts } from './ask-texts.ts';
import type { Counting } from './card-texts.ts';

export const JAPANESE_ASKS: AskTexts = {
  acknowledge: '確認しました',
  acknowledgedBy: (names) => `確認した人: ${names}`,
  youAcknowledged: '確認済みです。',
  youChose: (name) => `${name}を選びました。`,
  decided: (name) => `決定: ${name}`,
  somebody: '不明なユーザー',
  send: '送信',
  fields: {
    text: '入力してください。',
    number: '数値を入力してください。',
    date: '日付を選んでください。',
    choice: '1 つ選んでください。',
  },
  reminder: 'リマインダー: まだ誰も回答していません。',
  acknowledged: 'ありがとうございます。確認を記録しました。',
  isOver: 'すでに決定したか終了しているため、回答は反映されませんでした。',
  badInput: (label) => `${label}の入力が正しくないため、送信されませんでした。もう一度お試しください。`,
};

export const JAPANESE_POLLS: PollTexts = {
  vote: '投票',
  changeVote: '投票を変更',
  close: '投票を締め切る',
  mayChange: '後から変更できます。',
  several: '複数選べます。',
  anonymous: '匿名投票です。票は数えられますが、何を選んだかは誰にも伝わりません。',
  openUntil: (time) => `締め切り: ${time}`,
  soFar: '途中経過',
  final: '最終結果',
  noVotes: 'まだ投票はありません。',
  tooFew: '投票が少なく、誰が何を選んだか分かってしまうため、結果はまだ表示されません。',
  voted: (names) => `投票を受け付けました: ${names}`,
  chooseOne: '選択肢から 1 つ選んで、もう一度投票してください。',
  chooseSome: '選択肢から 1 つ以上選んで、もう一度投票してください。',
  closed: 'この投票は締め切られました。',
  usage: (example) =>
    `チームまたはグループ チャットで私をメンションし、poll、質問、2 個から 10 個の選択肢を、縦線で区切って入力してください: ${example}`,
  noKey: '匿名の投票はまだ使えません。管理者が暗号鍵を設定する必要があります。anonymous を付けずにお試しください。',
};

export const JAPANESE_DIALOGS: DialogTexts = {
  back: '戻る',
  skip: 'スキップ',
  cancel: 'キャンセル',
  problems: {
    not_a_choice: '選択肢にありません。いずれかを選んでください。',
    not_a_number: '数値ではありません。数字で入力してください。',
    out_of_range: '数値が小さすぎるか、大きすぎます。',
    empty: 'この質問には回答が必要です。',
  },
  notADate: (example) => `日付ではありません。次のように入力してください: ${example}`,
  ends: {
    completed: 'ありがとうございました。質問は以上です。',
    cancelled: 'キャンセルしました。質問はこれで終わりです。',
    timed_out: '回答の期限が過ぎました。',
    failed: '問題が発生したため、質問を終了しました。これまでの回答は保存されています。',
  },
  isOver: 'この質問は終了しているため、回答は受け付けられませんでした。',
};

/** What is counted of it. */
export const countAsksInJapanese = ({ number, percent }: Counting): CountedAsks => ({
  others: (count) => `ほか ${number(count)} 人`,
  ofNeeded: (count, needed) => `${number(needed)} 人中 ${number(count)} 人`,
  share: (count, voters) => `${number(voters)} 人中 ${number(count)} 人 (${percent(count, voters)})`,
  voters: (count) => `${number(count)} 人が投票しました`,
  pollLimit: (perHour) => `投票の作成は 1 時間に ${number(perHour)} 回までです。後でもう一度お試しください。`,
  questionNumber: (count) => `質問 ${number(count)}`,
  atLeast: (bound) => `${number(bound)} 以上`,
  atMost: (bound) => `${number(bound)} 以下`,
  between: (min, max) => `${number(min)} から ${number(max)} まで`,
});
