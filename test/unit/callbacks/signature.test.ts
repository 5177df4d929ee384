// Signatures of webhooks, checked by the vectors of the specification and by the library that receivers use.

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { createSecret, signMessage } from '../../../src/callbacks/signature.ts';

const VECTOR = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampS: 1_614_265_330, body: '{"test": 2432232314}' };
const VECTOR_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const VECTOR_SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const headersOf = (id: string, timestamp: string, signature: string) => ({
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
});

test('the vector of the specification is signed as published', () => {
  expect(signMessage(VECTOR, [VECTOR_SECRET])).toBe(VECTOR_SIGNATURE);
});

test('a new secret is whsec_ and 32 random bytes', () => {
  const secret = createSecret(randomBytes);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(createSecret(randomBytes)).not.toBe(secret);
});

test('with two secrets alive, a receiver that has either of them lets the message in', () => {
  const [now, before] = [createSecret(randomBytes), createSecret(randomBytes)];
  const timestampS = Math.floor(Date.now() / 1_000);
  const message = { id: 'evt_1', timestampS, body: '{"title":"Grüße 🚀"}' };
  const headers = headersOf(message.id, String(timestampS), signMessage(message, [now, before]));
  for (const secret of [now, before]) {
    expect(new Webhook(secret).verify(message.body, headers)).toEqual({ title: 'Grüße 🚀' });
  }
  expect(() => new Webhook(createSecret(randomBytes)).verify(message.body, headers)).toThrow();
});

test('any change of one bit in id, timestamp or body is refused by the receiver', () => {
  const secret = createSecret(randomBytes);
  const receiver = new Webhook(secret);
  const timestampS = Math.floor(Date.now() / 1_000);
  const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }), 100);
  const messages = texts.map((text) => {
    const message = { id: `evt_${randomBytes(16).toString('hex')}`, timestampS, body: JSON.stringify({ text }) };
    return { ...message, timestamp: String(timestampS), signature: signMessage(message, [secret]) };
  });
  const isTaken = ({ id, timestamp, signature, body }: (typeof messages)[number]) => {
    try {
      return receiver.verify(body, headersOf(id, timestamp, signature)) !== undefined;
    } catch {
      return false;
    }
  };
  expect(messages.filter(isTaken)).toHaveLength(messages.length);
  fc.assert(
    fc.property(
      fc.constantFrom(...messages),
      fc.constantFrom('id', 'timestamp', 'body'),
      fc.nat(),
      (message, part, at) => !isTaken({ ...message, [part]: withBitFlipped(message[part], at) }),
    ),
    { numRuns: 10_000 },
  );
});

function withBitFlipped(text: string, at: number): string {
  const bytes = Buffer.from(text);
  const bit = at % (8 * bytes.length);
  const place = Math.floor(bit / 8);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (bit % 8));
  return bytes.toString();
}
