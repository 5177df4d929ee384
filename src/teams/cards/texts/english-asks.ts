// What is asked, and what is said to the answers, in English.

import type { AskTexts, CountedAsks, DialogTexts, PollTexts } from './ask-texts.ts';
import type { Counting } from './card-texts.ts';

export const ENGLISH_ASKS: AskTexts = {
  acknowledge: 'Acknowledge',
  acknowledgedBy: (names) => `Acknowledged by ${names}`,
  youAcknowledged: 'You acknowledged this.',
  youChose: (name) => `You chose ${name}.`,
  decided: (name) => `Decided: ${name}`,
  somebody: 'somebody',
  send: 'Send',
  fields: { text: 'Write something.', number: 'Enter a number.', date: 'Choose a date.', choice: 'Choose one.' },
  reminder: 'Reminder: nobody has answered yet.',
  acknowledged: 'Thank you: it is noted that you acknowledged this.',
  isOver: 'This has been decided or is over, so your answer was not counted.',
  badInput: (label) => `What you entered for ${label} does not fit, so nothing was sent. Try again.`,
};

export const ENGLISH_POLLS: PollTexts = {
  vote: 'Vote',
  changeVote: 'Change vote',
  close: 'Close poll',
  mayChange: 'You can change it.',
  several: 'You can choose several.',
  anonymous: 'Anonymous: your vote counts, but nobody is told what you chose.',
  openUntil: (time) => `Open until ${time}`,
  soFar: 'Result so far',
  final: 'Final result',
  noVotes: 'Nobody has voted yet.',
  tooFew: 'Too few have voted to show the result without telling who chose what.',
  voted: (names) => `Your vote counts: ${names}`,
  chooseOne: 'Choose one of the answers, and vote again.',
  chooseSome: 'Choose at least one of the answers, and vote again.',
  closed: 'This poll is closed.',
  usage: (example) =>
    `In a team or group chat, mention me and write poll, the question and two to ten answers, with a line between them: ${example}`,
  noKey: 'Anonymous polls are not set up here: whoever runs me has to set an encryption key. Ask without anonymous.',
};

export const ENGLISH_DIALOGS: DialogTexts = {
  back: 'Back',
  skip: 'Skip',
  cancel: 'Cancel',
  problems: {
    not_a_choice: 'That is none of the answers. Choose one of them.',
    not_a_number: 'That is not a number. Write it in digits.',
    out_of_range: 'That number is too small or too large.',
    empty: 'This question needs an answer.',
  },
  notADate: (example) => `That is not a date. Write it like this: ${example}.`,
  ends: {
    completed: 'Thank you, that was all.',
    cancelled: 'Cancelled: you are asked no more questions.',
    timed_out: 'The time to answer is over.',
    failed: 'Something went wrong, so no more questions come. Your answers so far are kept.',
  },
  isOver: 'These questions are over, so your answer was not taken.',
};

/** What is counted of it. */
export const countAsksInEnglish = ({ number, percent, plural }: Counting): CountedAsks => ({
  others: (count) => `${number(count)} more`,
  ofNeeded: (count, needed) => `${number(count)} of ${number(needed)}`,
  share: (count, voters) => `${number(count)} of ${number(voters)} (${percent(count, voters)})`,
  voters: (count) => `${number(count)} ${plural(count, { one: 'person has', other: 'people have' })} voted`,
  pollLimit: (perHour) => `You can ask at most ${number(perHour)} polls an hour. Try again later.`,
  questionNumber: (count) => `Question ${number(count)}`,
  atLeast: (bound) => `At least ${number(bound)}`,
  atMost: (bound) => `At most ${number(bound)}`,
  between: (min, max) => `From ${number(min)} to ${number(max)}`,
});
