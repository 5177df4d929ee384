// From what a payload said to a request within its bounds: here, the pictures of it.

import { NOTIFICATION_LIMITS as LIMITS } from '../../../src/domain/notification.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';

const pictures = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ url: `https://grafana.contoso.com/${at}.png`, alt: `Graph ${at}` }));

test('pictures stay pictures, with words that stand for them', () => {
  const images = [...pictures(1), { url: 'https://grafana.contoso.com/x.png', alt: ' ' }];
  expect(finishDraft({ title: 'Load', images }, 'Grafana')).toEqual({
    title: 'Load',
    images: [...pictures(1), { url: 'https://grafana.contoso.com/x.png', alt: 'Image' }],
  });
});

test('a picture that no card may show becomes a line with its address', () => {
  const images = [
    { url: 'http://grafana.local/load.png', alt: 'Load of db1' },
    { url: undefined, alt: 'Nothing' },
  ];
  expect(finishDraft({ title: 'Load', images }, 'Grafana')).toEqual({
    title: 'Load',
    facts: [{ name: 'Load of db1', value: 'http://grafana.local/load.png' }],
  });
});

test('pictures beyond what a card holds become lines', () => {
  const made = finishDraft({ title: 'Load', images: pictures(6) }, 'Grafana');
  expect(made['images']).toEqual(pictures(LIMITS.maxImages));
  expect(made['facts']).toEqual([
    { name: 'Graph 4', value: 'https://grafana.contoso.com/4.png' },
    { name: 'Graph 5', value: 'https://grafana.contoso.com/5.png' },
  ]);
});
