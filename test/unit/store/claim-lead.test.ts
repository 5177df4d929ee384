// The first slot of a claim lies behind the time that claims take.

import { ClaimLead } from '../../../src/store/postgres/claim-lead.ts';

function createFixture() {
  let elapsedMs = 0;
  const lead = new ClaimLead(() => elapsedMs);
  /** @returns the lead that the claim was given */
  const claim = (tookMs: number) =>
    lead.measure(async (leadMs) => {
      elapsedMs += tookMs;
      return leadMs;
    });
  return { lead, claim };
}

test('is ten milliseconds at first, and never less', async () => {
  const { lead, claim } = createFixture();
  expect(await claim(1)).toBe(10);
  expect(await claim(1)).toBe(10);
  expect(lead.ms).toBe(10);
});

test('is half as much again as claims take, and never more than 300 ms', async () => {
  const { lead, claim } = createFixture();
  await claim(40);
  expect(lead.ms).toBe(60);
  for (let count = 0; count < 30; count++) {
    await claim(5_000);
  }
  expect(lead.ms).toBe(300);
});

test('forgets a single slow claim', async () => {
  const { lead, claim } = createFixture();
  await claim(20);
  await claim(220);
  expect(lead.ms).toBe(105);
  for (let count = 0; count < 20; count++) {
    await claim(20);
  }
  expect(lead.ms).toBeLessThan(32);
});
