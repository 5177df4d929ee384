// What an Adaptive Card says, without how it looks. Pure.

import { isObject, listAt, textAt } from '../payload.ts';

/** A part of a card that says something, in reading order. */
export type CardPiece =
  | { readonly kind: 'text'; readonly text: string; readonly look: string | undefined }
  | { readonly kind: 'style'; readonly look: string }
  | { readonly kind: 'fact'; readonly name: string; readonly value: string }
  | { readonly kind: 'link'; readonly title: string; readonly url: string }
  | { readonly kind: 'image'; readonly alt: string; readonly url: string };

/** Deeper than this, and beyond so many, nothing is read. */
const MAX_DEPTH = 100;
const MAX_PIECES = 1_000;

/** Members that hold parts, in the order in which they are seen. */
const PARTS = ['body', 'items', 'columns', 'rows', 'cells', 'facts', 'images', 'inlines', 'card', 'actions'] as const;

/** The pieces of a card, or of a part of one. */
export function piecesOf(card: unknown): readonly CardPiece[] {
  const pieces: CardPiece[] = [];
  collect(card, pieces, 0);
  return pieces;
}

function collect(part: unknown, pieces: CardPiece[], depth: number): void {
  if (depth > MAX_DEPTH || pieces.length >= MAX_PIECES) {
    return;
  }
  if (Array.isArray(part)) {
    for (const one of part) {
      collect(one, pieces, depth + 1);
    }
    return;
  }
  if (!isObject(part)) {
    return;
  }
  pieces.push(...ownPieces(part));
  for (const name of PARTS.filter((one) => Object.hasOwn(part, one))) {
    collect(part[name], pieces, depth + 1);
  }
}

function ownPieces(part: unknown): readonly CardPiece[] {
  const [type, text, url] = [
    textAt(part, 'type'),
    textAt(part, 'text') ?? textAt(part, 'codeSnippet'),
    textAt(part, 'url'),
  ];
  const look = textAt(part, 'color') ?? textAt(part, 'style');
  const name = textAt(part, 'title') ?? textAt(part, 'name');
  if (type === 'Action.OpenUrl') {
    return url === undefined ? [] : [{ kind: 'link', title: name ?? '', url }];
  }
  if (type === 'Image' || (type === undefined && url !== undefined)) {
    return url === undefined ? [] : [{ kind: 'image', alt: textAt(part, 'altText') ?? '', url }];
  }
  if (type === undefined && name !== undefined) {
    const value = textAt(part, 'value');
    return value === undefined ? [] : [{ kind: 'fact', name, value }];
  }
  if (type === 'RichTextBlock') {
    const runs = listAt(part, 'inlines').map((run) => textAt(run) ?? textAt(run, 'text') ?? '');
    return [{ kind: 'text', text: runs.join(' '), look: undefined }];
  }
  if (type !== 'TextRun' && text !== undefined) {
    return [{ kind: 'text', text, look }];
  }
  return look !== undefined && type !== 'TextRun' && !type?.startsWith('Action.') ? [{ kind: 'style', look }] : [];
}
