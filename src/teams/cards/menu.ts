// The small menu of a notification: why it came, how to hear less of it, and all settings.

import { clip, toLine } from '../../domain/literal.ts';
import type { NotificationMenu } from '../../domain/notification.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { isolate } from './direction.ts';
import { pressAction } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** The id of what the dots unfold; no card of somebody else's making may hold it. */
export const MENU_ID = 'bellhop-menu';

/** A menu is never longer, in any language and for any name. */
export const MENU_UNITS = 2_432;

/** Nor is the line about quiet hours. */
export const THROUGH_QUIET_UNITS = 160;

/** Nor is the line that nobody else had answered. */
export const ESCALATED_UNITS = 192;

const MAX_SOURCE_LENGTH = 24;

/** What a menu is made for. */
export interface MenuOptions {
  readonly texts: CardTexts;
  /** The name of who sends. */
  readonly source: string;
  readonly menu: NotificationMenu | undefined;
}

/** The last line of a card with the dots at its end, and what they unfold; the line alone where there is no menu. */
export function withMenu(line: CardElement, options: MenuOptions): readonly CardElement[] {
  const { texts, menu } = options;
  if (menu === undefined) {
    return [line];
  }
  const dots = {
    type: 'Column',
    width: 'auto',
    verticalContentAlignment: 'Center',
    selectAction: { type: 'Action.ToggleVisibility', title: texts.answers.menu.title, targetElements: [MENU_ID] },
    items: [textBlock('\u00a0•••\u00a0', { isSubtle: true, size: 'Small' })],
  };
  return [
    {
      type: 'ColumnSet',
      columns: [{ type: 'Column', width: 'stretch', verticalContentAlignment: 'Center', items: [line] }, dots],
    },
    {
      type: 'Container',
      id: MENU_ID,
      isVisible: false,
      spacing: 'Small',
      ...(texts.isRightToLeft && { rtl: true }),
      items: [{ type: 'ActionSet', actions: menuActions(menu, options) }],
    },
  ];
}

function menuActions(
  { notification, hasKey }: NotificationMenu,
  { texts, source }: MenuOptions,
): readonly CardElement[] {
  const { menu, settings } = texts.answers;
  const name = isolate(toLine(clip(source, MAX_SOURCE_LENGTH)), texts);
  const mute = { bellhop: 'mute', notification } as const;
  return [
    pressAction(menu.why, { bellhop: 'why', notification }),
    ...(hasKey ? [pressAction(menu.muteThis, { ...mute, what: 'key', for: 'always' })] : []),
    pressAction(menu.muteSourceForAnHour(name), { ...mute, what: 'source', for: '1h' }),
    pressAction(menu.muteSource(name), { ...mute, what: 'source', for: 'always' }),
    pressAction(settings.title, { bellhop: 'command', text: 'status', notification }),
  ];
}

/** Why a message comes although it is quiet; nothing for the others. */
export function throughQuietLines(isThroughQuiet: boolean | undefined, texts: CardTexts): readonly string[] {
  return isThroughQuiet ? [texts.answers.quiet.passed] : [];
}
