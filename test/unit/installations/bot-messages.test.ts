import { chooseAnswer } from '../../../src/installations/bot-messages.ts';

describe('what people write', () => {
  test.each(['hi', 'Hi', 'HELLO', 'hello!', '  help  ', 'Help.', 'hey', '?', '/help', 'HI!!!'])(
    '%p is answered with help',
    (text) => {
      expect(chooseAnswer(text, undefined)).toEqual({ kind: 'help' });
    },
  );

  test.each([
    ...['Hilfe', 'hilfe!', '„Hilfe“', 'HALLO', 'ayuda', '¡Ayuda!', '«ayuda»', 'Hola.', 'Aide', '«\u00a0aide\u00a0»'],
    ...['aide\u00a0!', 'Bonjour', 'ヘルプ', 'ﾍﾙﾌﾟ', '「ヘルプ」', 'ヘルプ。', 'こんにちは！', 'ｈｅｌｐ', '？', 'help?'],
    ...['مساعدة', '«مساعدة»', 'مساعدة؟', 'مُساعَدة', 'مساعــدة', 'مرحبًا', '؟'],
  ])('%p is understood in every language, however it is written', (text) => {
    expect(chooseAnswer(text, undefined)).toEqual({ kind: 'help' });
  });

  test.each([
    '',
    ' ',
    'qwertz',
    'helpless',
    'hi there',
    '🙂',
    'HELP ME\nPLEASE',
    '__proto__',
    '.',
    'x'.repeat(20_000),
    `${'!'.repeat(20_000)}a`,
    '!',
    '«»',
    'hilfe ayuda',
  ])('text that means nothing to the bot is answered with help, and says so: %p', (text) => {
    expect(chooseAnswer(text.slice(0, 30_000), undefined)).toEqual({ kind: 'help', isConfused: true });
  });
});

describe('a pressed button', () => {
  test('of help is answered with help, whatever text came along', () => {
    expect(chooseAnswer('anything', { bellhop: 'help' })).toEqual({ kind: 'help' });
  });

  test.each([null, 0, '', 'help', [], {}, { bellhop: 'other' }, { bellhop: null }, JSON.parse('{"__proto__":1}')])(
    'that carries %j is told to be out of use',
    (value) => {
      expect(chooseAnswer('hi', value)).toEqual({ kind: 'retiredButton' });
    },
  );
});
