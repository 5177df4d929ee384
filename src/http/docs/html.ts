// HTML as text, put together so that nothing from outside can become markup.

/** A piece of finished HTML. */
export type Html = { readonly html: string };

/** A template whose values are escaped, unless they are HTML already; lists are joined. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  return { html: parts.reduce((text, part, at) => `${text}${toText(values[at - 1] ?? '')}${part}`) };
}

/** Nothing. */
export const NOTHING: Html = { html: '' };

function toText(value: Html | readonly Html[] | string | number): string {
  if (typeof value === 'string' || typeof value === 'number') {
    return escapeHtml(String(value));
  }
  return 'html' in value ? value.html : value.map((one) => one.html).join('');
}

/** Plain text, in which what stands between backticks is code. */
export function prose(text: string): Html {
  const pieces = text.split('`').map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));
  return html`${pieces}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
