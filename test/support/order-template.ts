// A template with a repetition, a number, a link and a sample.

/** Makes a card of an order. */
export const ORDER_TEMPLATE = {
  card: {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'TextBlock', text: '**Order ${id}** of ${customer}', wrap: true },
      { type: 'FactSet', facts: [{ $data: '${lines}', title: '${sku}', value: '${formatNumber(price, 2)}' }] },
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Open', url: 'https://shop.contoso.com/${uriComponent(id)}' }],
  },
  summary: 'Order ${id} of ${customer}',
  sample: { id: 'A1', customer: 'Ana', lines: [{ sku: 'x-1', price: 5 }] },
};
