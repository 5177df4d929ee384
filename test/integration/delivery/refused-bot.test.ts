// A bot whose tokens the Connector refuses: somebody has to mend the registration, and nothing is lost meanwhile.

import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { createAccessTokens } from '../../../src/teams/access-token.ts';
import { type Connector, createConnector } from '../../../src/teams/connector.ts';
import { createSender } from '../../../src/teams/sender.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { APP_ID } from '../../support/store-fixtures.ts';
import { settled } from '../../support/waiting.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';

describe('a bot that is refused with a fresh token too', () => {
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: Connector;
  let tokensAsked: number;
  let issueToken: () => string;

  beforeEach(async () => {
    fixture = await DeliveryFixture.create();
    sandbox = createSandbox({ appId: APP_ID, appSecret: 'secret' });
    await sandbox.start();
    tokensAsked = 0;
    issueToken = () => `nobody-knows-${tokensAsked}`;
  });

  afterEach(async () => {
    await fixture.dispose();
    await connector.close();
    await sandbox.stop();
  });

  const createRealSender = () => {
    const { clock } = fixture;
    const source = {
      requestToken: async () => {
        tokensAsked += 1;
        return { kind: 'issued', token: issueToken(), expiresAtMs: clock.nowMs() + 3_600_000 } as const;
      },
    };
    const tokens = createAccessTokens({ source, clock, logger: silentLogger });
    const serviceUrlPolicy = { kind: 'prefix', prefix: sandbox.serviceUrl } as const;
    connector = createConnector({ tokens, clock }, { serviceUrlPolicy });
    return createSender({ connector, tokens, clock });
  };

  test('makes two requests a minute at most, over all tenants, and goes on by itself when it is mended', async () => {
    const people = [await fixture.install(1), await fixture.install(2, { tenantId: OTHER_TENANT })];
    fixture.pointTo(sandbox.serviceUrl);
    await fixture.createDispatcher({ sender: createRealSender(), maxInFlight: 1 }).start();
    await fixture.queue(people);
    await fixture.untilAttempts(1);
    await fixture.pass(1_500);
    await fixture.untilAttempts(2);
    await fixture.pass(57_000, 250);
    expect(fixture.attempts()).toHaveLength(2);
    expect(fixture.attempts()).toMatchObject([{ http_status: 401 }, { http_status: 401 }]);
    expect(tokensAsked).toBe(2);
    issueToken = () => sandbox.tokens.issue();
    for (let step = 0; step < 60 && fixture.states().join() !== 'failed,failed'; step++) {
      await fixture.pass(500, 250);
      await settled(200);
    }
    // These people are not in the sandbox: that it says so tells that it took the token.
    const answers = fixture.attempts().map((row) => `${row['number']}: ${row['http_status']}`);
    expect(answers).toEqual(['1: 401', '2: 404', '3: 400', '1: 401', '2: 404', '3: 400']);
  });
});
