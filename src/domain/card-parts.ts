// The elements and actions of Adaptive Cards 1.5 that a producer's card may be made of, each with its properties.

import { z } from 'zod';
import * as value from './card-values.ts';
import { httpsUrl } from './request-fields.ts';

/** Where a part stands decides what it may be. */
export type Place =
  | 'card'
  | 'shownCard'
  | 'element'
  | 'action'
  | 'selectAction'
  | 'inline'
  | 'column'
  | 'image'
  | 'row'
  | 'cell';

/** The types that may stand at each place, the first of them where none has to be named. */
export const TYPES_AT: Readonly<Record<Place, { readonly types: readonly string[]; readonly isTypeOptional?: true }>> =
  {
    card: { types: ['AdaptiveCard'] },
    shownCard: { types: ['AdaptiveCard'], isTypeOptional: true },
    element: {
      types: [
        ...[
          'TextBlock',
          'RichTextBlock',
          'Image',
          'ImageSet',
          'Container',
          'ColumnSet',
          'FactSet',
          'ActionSet',
          'Table',
        ],
      ],
    },
    action: { types: ['Action.OpenUrl', 'Action.ShowCard', 'Action.ToggleVisibility'] },
    selectAction: { types: ['Action.OpenUrl', 'Action.ToggleVisibility'] },
    inline: { types: ['TextRun'] },
    column: { types: ['Column'], isTypeOptional: true },
    image: { types: ['Image'], isTypeOptional: true },
    row: { types: ['TableRow'], isTypeOptional: true },
    cell: { types: ['TableCell'], isTypeOptional: true },
  };

/** One type of part. */
export interface CardPart {
  /** All properties; those that hold other parts are only seen to be lists or there. */
  readonly schema: z.ZodObject;
  /** The properties that hold other parts, one or a list. `fallback` holds what could stand at the same place. */
  readonly children: Readonly<Record<string, Place>>;
  /** The version of Adaptive Cards that brought it. */
  readonly since: string;
}

type Shape = Readonly<Record<string, z.ZodType>>;

const ITEM = { id: value.name, requires: value.requires, fallback: value.part };
const TOGGLEABLE = { ...ITEM, isVisible: value.flag, spacing: value.spacing, separator: value.flag };
const ELEMENT = { ...TOGGLEABLE, height: value.height };
const ACTION = {
  ...ITEM,
  title: value.plain,
  iconUrl: httpsUrl,
  style: value.word('default', 'positive', 'destructive'),
  tooltip: value.plain,
  isEnabled: value.flag,
  mode: value.word('primary', 'secondary'),
};
const CONTAINER = {
  selectAction: value.part,
  style: value.containerStyle.nullable(),
  verticalContentAlignment: value.vertical.nullable(),
  bleed: value.flag,
  backgroundImage: value.backgroundImage,
  minHeight: value.pixels,
  rtl: value.flag.nullable(),
};
const CELL_ALIGNMENT = {
  horizontalCellContentAlignment: value.horizontal.nullable(),
  verticalCellContentAlignment: value.vertical.nullable(),
};
const CARD = {
  $schema: value.schemaAddress,
  body: value.anyList,
  actions: value.anyList,
  selectAction: value.part,
  fallbackText: value.markdown,
  backgroundImage: value.backgroundImage,
  minHeight: value.pixels,
  rtl: value.flag.nullable(),
  speak: value.plain,
  lang: value.language,
  verticalContentAlignment: value.vertical,
};
const CARD_CHILDREN = { body: 'element', actions: 'action', selectAction: 'selectAction' } as const;

const fact = z.strictObject({
  type: z.literal('Fact').optional(),
  title: value.markdown,
  value: value.markdown,
});

const columnDefinition = z.strictObject({
  type: z.literal('TableColumnDefinition').optional(),
  width: value.columnWidth.optional(),
  ...optional(CELL_ALIGNMENT),
});

/** The card itself: a version has to be named, and it may fill the width of the chat. */
export const ROOT_CARD: CardPart = {
  schema: schemaOf(
    { version: value.version },
    { ...CARD, msteams: z.strictObject({ width: value.word('Full').optional() }) },
  ),
  children: CARD_CHILDREN,
  since: '1.0',
};

/** Every other type, by its name. */
export const CARD_PARTS: Readonly<Record<string, CardPart>> = {
  AdaptiveCard: definePart({}, { ...CARD, version: value.version }, { children: CARD_CHILDREN }),
  TextBlock: definePart(
    { text: value.markdown },
    {
      ...ELEMENT,
      ...value.textLook,
      horizontalAlignment: value.horizontal.nullable(),
      maxLines: value.lines,
      wrap: value.flag,
      style: value.word('default', 'heading').nullable(),
    },
  ),
  RichTextBlock: definePart(
    { inlines: value.anyList },
    { ...ELEMENT, horizontalAlignment: value.horizontal.nullable() },
    { children: { inlines: 'inline' }, since: '1.2' },
  ),
  TextRun: definePart(
    { text: value.plain },
    {
      ...value.textLook,
      highlight: value.flag,
      italic: value.flag,
      strikethrough: value.flag,
      underline: value.flag,
      selectAction: value.part,
    },
    { children: { selectAction: 'selectAction' }, since: '1.2' },
  ),
  Image: definePart(
    { url: httpsUrl },
    {
      ...TOGGLEABLE,
      altText: value.plain,
      backgroundColor: value.color,
      height: value.imageSide,
      width: value.imageSide,
      horizontalAlignment: value.horizontal.nullable(),
      selectAction: value.part,
      size: value.imageSize,
      style: value.word('default', 'person'),
    },
    { children: { selectAction: 'selectAction' } },
  ),
  ImageSet: definePart(
    { images: value.anyList },
    { ...ELEMENT, imageSize: value.imageSize },
    { children: { images: 'image' } },
  ),
  Container: definePart(
    { items: value.anyList },
    { ...ELEMENT, ...CONTAINER },
    { children: { items: 'element', selectAction: 'selectAction' } },
  ),
  ColumnSet: definePart(
    {},
    {
      ...ELEMENT,
      columns: value.anyList,
      selectAction: value.part,
      style: value.containerStyle.nullable(),
      bleed: value.flag,
      minHeight: value.pixels,
      horizontalAlignment: value.horizontal.nullable(),
    },
    { children: { columns: 'column', selectAction: 'selectAction' } },
  ),
  Column: definePart(
    {},
    { ...TOGGLEABLE, ...CONTAINER, items: value.anyList, width: value.columnWidth },
    { children: { items: 'element', selectAction: 'selectAction' } },
  ),
  FactSet: definePart({ facts: z.array(fact) }, ELEMENT),
  ActionSet: definePart({ actions: value.anyList }, ELEMENT, { children: { actions: 'action' }, since: '1.2' }),
  Table: definePart(
    {},
    {
      ...ELEMENT,
      ...CELL_ALIGNMENT,
      columns: z.array(columnDefinition),
      rows: value.anyList,
      firstRowAsHeader: value.flag,
      firstRowAsHeaders: value.flag,
      showGridLines: value.flag,
      gridStyle: value.containerStyle.nullable(),
    },
    { children: { rows: 'row' }, since: '1.5' },
  ),
  TableRow: definePart(
    {},
    { ...CELL_ALIGNMENT, cells: value.anyList, style: value.containerStyle.nullable() },
    { children: { cells: 'cell' }, since: '1.5' },
  ),
  TableCell: definePart({ items: value.anyList }, CONTAINER, {
    children: { items: 'element', selectAction: 'selectAction' },
    since: '1.5',
  }),
  'Action.OpenUrl': definePart({ url: httpsUrl }, ACTION),
  'Action.ShowCard': definePart({ card: value.requiredPart }, ACTION, { children: { card: 'shownCard' } }),
  'Action.ToggleVisibility': definePart({ targetElements: value.targetElements }, ACTION, { since: '1.2' }),
};

function definePart(
  required: Shape,
  others: Shape,
  { children = {}, since = '1.0' }: Partial<CardPart> = {},
): CardPart {
  return { schema: schemaOf(required, others), children, since };
}

/** `type` is looked at before, and with it what the part is. */
function schemaOf(required: Shape, others: Shape): z.ZodObject {
  return z.strictObject({ type: z.unknown().optional(), ...required, ...optional(others) });
}

function optional(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.optional()]));
}
