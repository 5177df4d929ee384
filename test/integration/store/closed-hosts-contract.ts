// What every store must do while hosts of the Connector are closed, or retries have to wait.

import type { ClaimInput } from '../../../src/store/delivery-queue.ts';
import type { Store } from '../../../src/store/store.ts';
import { addProducer, type InstalledPerson, installPerson, queueNotification } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const OWNER = 'dispatcher-1';
const CLOSED = { closedOrigins: ['https://smba.trafficmanager.net'] };
const OTHER_URL = 'https://smba.infra.gcc.teams.microsoft.com/teams';

/** @param open the store of the test that runs */
export function describeClosedHostsContract(open: () => Store): void {
  let producerId: number;

  beforeEach(async () => {
    producerId = await addProducer(open());
  });

  const install = async (index: number, serviceUrl?: string) => {
    const person = await installPerson(open(), { index, nowMs: NOW, intervalUs: 1 });
    if (serviceUrl !== undefined) {
      await moveTo(person, serviceUrl);
    }
    return person;
  };

  const moveTo = ({ conversationId }: InstalledPerson, serviceUrl: string) =>
    open().write((tx) => tx.healing.setServiceUrl(conversationId, serviceUrl, NOW));

  const queue = (to: readonly InstalledPerson[], nowMs = NOW) => queueNotification(open(), { producerId, to, nowMs });

  const claim = async (nowMs: number, input: Partial<ClaimInput> = {}) => {
    const usual = { owner: OWNER, leaseMs: 60_000, limit: 100, quantum: 20, horizonMs: 400 };
    const gate = { closedOrigins: [], isClosedToRetries: false };
    return open().write((tx) => tx.queue.claim({ ...usual, ...gate, nowMs, ...input }));
  };

  const conversationsOf = async (claimed: ReturnType<typeof claim>) =>
    (await claimed).map(({ conversationId }) => conversationId);

  const fail = (deliveryId: number, nowMs: number) =>
    open().write(async (tx) => {
      const lease = { deliveryId, owner: OWNER };
      await tx.queue.beginAttempt(lease, { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 });
      await tx.queue.release(lease, { ...FAILED_ONCE, dueAtMs: nowMs, nowMs });
    });

  describe('a closed host', () => {
    test('has nothing claimed, and everything once it is open again', async () => {
      await queue([await install(1), await install(2)]);
      expect(await claim(NOW, CLOSED)).toEqual([]);
      expect(await claim(NOW + 1, CLOSED)).toEqual([]);
      expect(await claim(NOW + 2)).toHaveLength(2);
    });

    test('does not hold up other hosts of its lane, whatever came first', async () => {
      const others = [await install(1, OTHER_URL), await install(2, OTHER_URL)];
      await queue([await install(3)]);
      await queue(others.slice(0, 1));
      expect(await conversationsOf(claim(NOW, CLOSED))).toEqual([others[0]?.conversationId]);
      await queue([await install(4)], NOW + 1);
      await queue(others.slice(1), NOW + 1);
      expect(await conversationsOf(claim(NOW + 1, CLOSED))).toEqual([others[1]?.conversationId]);
    });

    test('does not hide what was committed a little later than it says', async () => {
      await queue([await install(1)]);
      expect(await claim(NOW + 900, CLOSED)).toEqual([]);
      await queue([await install(2, OTHER_URL)], NOW - 50);
      expect(await claim(NOW + 900, CLOSED)).toHaveLength(1);
    });

    test('does not keep a conversation of another host from its second message', async () => {
      const person = await install(1, OTHER_URL);
      await queue([person]);
      await queue([person]);
      const [first] = await claim(NOW, CLOSED);
      expect(await claim(NOW + 5_000, CLOSED)).toEqual([]);
      await fail(first?.id ?? 0, NOW + 5_000);
      expect(await claim(NOW + 5_001, CLOSED)).toMatchObject([{ id: first?.id }]);
    });

    test('is left behind by a conversation that moves to another host, at the next probe at the latest', async () => {
      const person = await install(1);
      await queue([person]);
      expect(await claim(NOW + 2_000, CLOSED)).toEqual([]);
      await moveTo(person, OTHER_URL);
      await claim(NOW + 2_000, { limit: 0 });
      expect(await claim(NOW + 2_000, CLOSED)).toHaveLength(1);
    });

    test('in many tenants does not keep the claim from those of another host', async () => {
      for (let index = 0; index < 40; index++) {
        const tenantId = `${String(index).padStart(8, '0')}-1111-4111-8111-111111111111`;
        await queue([await installPerson(open(), { index, nowMs: NOW, tenantId })]);
      }
      await queue([await install(41, OTHER_URL)]);
      const found = [];
      for (let round = 0; round < 3; round++) {
        found.push(...(await claim(NOW + 1_000 + round, CLOSED)));
      }
      expect(found).toHaveLength(1);
    });
  });

  describe('retries that have to wait', () => {
    test('let others pass, keep the order of their chat, and are looked at again a second later', async () => {
      const [failing, other] = [await install(1), await install(2)];
      await queue([failing]);
      const [first] = await claim(NOW);
      await fail(first?.id ?? 0, NOW);
      await queue([failing, other]);
      const waiting = { isClosedToRetries: true };
      expect(await conversationsOf(claim(NOW + 1, waiting))).toEqual([other.conversationId]);
      expect(await claim(NOW + 999, waiting)).toEqual([]);
      expect(await claim(NOW + 1_000)).toEqual([]);
      expect(await claim(NOW + 1_001)).toMatchObject([{ id: first?.id }]);
    });
  });
}

const FAILED_ONCE = {
  state: 'queued',
  failures: 1,
  isReduced: false,
  reason: 'concurrent_operation',
  activityId: null,
} as const;
