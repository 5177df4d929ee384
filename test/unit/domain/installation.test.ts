// Installed or not, from signs in any order.

import fc from 'fast-check';
import { applyInstallationSign, type Installation, type InstallationSign } from '../../../src/domain/installation.ts';

const apply = (signs: readonly InstallationSign[], start?: Installation) =>
  signs.reduce<Installation | undefined>(applyInstallationSign, start);

const sign: fc.Arbitrary<InstallationSign> = fc.record({
  kind: fc.constantFrom('installed' as const, 'removed' as const, 'seen' as const),
  atMs: fc.nat(6),
});

/** The same signs in another order, some of them up to three times. */
const retold = fc.array(sign, { minLength: 1, maxLength: 8 }).chain((signs) => {
  const copies = [...signs, ...signs, ...signs];
  const some = fc.shuffledSubarray(copies);
  const all = fc.shuffledSubarray(signs, { minLength: signs.length });
  return fc.record({ signs: fc.constant(signs), again: fc.tuple(some, all, some).map((parts) => parts.flat()) });
});

test('every order and repetition of the same signs ends in the same state', () => {
  fc.assert(
    fc.property(retold, ({ signs, again }) => {
      const { state, changedAtMs } = apply(signs) ?? {};
      expect(apply(again)).toMatchObject({ state, changedAtMs });
    }),
    { numRuns: 10_000 },
  );
});

test('the newest sign decides, and of two of one instant the removal', () => {
  fc.assert(
    fc.property(fc.array(sign, { minLength: 1, maxLength: 12 }), (signs) => {
      const newestMs = Math.max(...signs.map(({ atMs }) => atMs));
      const isRemoved = signs.some(({ kind, atMs }) => kind === 'removed' && atMs === newestMs);
      expect(apply(signs)).toMatchObject({ state: isRemoved ? 'removed' : 'active', changedAtMs: newestMs });
    }),
    { numRuns: 10_000 },
  );
});

test('an older sign changes nothing at all', () => {
  fc.assert(
    fc.property(fc.array(sign, { minLength: 1 }), sign, (signs, late) => {
      const current = apply(signs);
      fc.pre(current !== undefined && late.atMs < current.changedAtMs);
      expect(applyInstallationSign(current, late)).toEqual(current);
    }),
    { numRuns: 10_000 },
  );
});

test('a repeated sign is no new arrival', () => {
  fc.assert(
    fc.property(fc.array(sign, { minLength: 1 }), (signs) => {
      const current = apply(signs);
      expect(apply(signs.slice(-1), current)).toEqual(current);
    }),
    { numRuns: 10_000 },
  );
});

describe('arrivals are counted, so that each is welcomed once', () => {
  const generation = (...signs: InstallationSign[]) => apply(signs)?.generation;

  test('the first sign of life is the first arrival, a mere removal is none', () => {
    expect(generation({ kind: 'installed', atMs: 1 })).toBe(1);
    expect(generation({ kind: 'seen', atMs: 1 })).toBe(1);
    expect(generation({ kind: 'removed', atMs: 1 })).toBe(0);
  });

  test('the install and the words after it are one arrival', () => {
    const words = [2, 3, 4].map((atMs) => ({ kind: 'seen' as const, atMs }));
    expect(generation({ kind: 'installed', atMs: 1 }, { kind: 'installed', atMs: 1 }, ...words)).toBe(1);
  });

  test('coming back after a removal is another one', () => {
    const signs = ['installed', 'removed', 'installed'] as const;
    expect(generation(...signs.map((kind, at) => ({ kind, atMs: at })))).toBe(2);
  });
});

describe('somebody who was unreachable', () => {
  const unreachable: Installation = { state: 'unreachable', changedAtMs: 5, generation: 1 };

  test('is active again with their next word, without being welcomed again', () => {
    const sight = { kind: 'seen', atMs: 9 } as const;
    expect(applyInstallationSign(unreachable, sight)).toEqual({ state: 'active', changedAtMs: 9, generation: 1 });
  });

  test('is welcomed again when they install it anew', () => {
    const install = { kind: 'installed', atMs: 9 } as const;
    expect(applyInstallationSign(unreachable, install)).toEqual({ state: 'active', changedAtMs: 9, generation: 2 });
  });

  test('stays so for signs from before', () => {
    expect(applyInstallationSign(unreachable, { kind: 'seen', atMs: 4 })).toEqual(unreachable);
  });
});

describe('an erased person', () => {
  const erased: Installation = { state: 'removed', changedAtMs: 10, generation: 2, isErased: true };

  test('comes back with a new install, and not with what they write or what comes late', () => {
    expect(apply([{ kind: 'seen', atMs: 20 }], erased)).toEqual(erased);
    expect(apply([{ kind: 'installed', atMs: 10 }], erased)).toEqual(erased);
    expect(apply([{ kind: 'installed', atMs: 11 }], erased)).toEqual({
      state: 'active',
      changedAtMs: 11,
      generation: 3,
    });
  });

  test('who then removes the app is like everybody else who did', () => {
    const removed = apply([{ kind: 'removed', atMs: 20 }], erased);
    expect(removed).toEqual({ state: 'removed', changedAtMs: 20, generation: 2 });
    expect(apply([{ kind: 'seen', atMs: 30 }], removed)).toMatchObject({ state: 'active' });
  });
});
