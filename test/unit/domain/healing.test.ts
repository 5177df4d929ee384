// Which remedy there is for what went wrong.

import { chooseRemedy, listRemedies, type Patient } from '../../../src/domain/healing.ts';
import { CONNECTOR_HOSTS, type ServiceUrlPolicy } from '../../../src/domain/service-url.ts';

const MICROSOFT: ServiceUrlPolicy = { kind: 'hosts', hosts: CONNECTOR_HOSTS };
const PERSON: Patient = {
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  teamsUserId: '29:1',
  aadObjectId: '00000000-0000-4000-8000-000000000001',
  remedies: [],
};

describe('what may be tried', () => {
  test.each<[string, Partial<Patient>, readonly string[]]>([
    ['a person of whom all is known', {}, ['reopen', 'reopen_by_object_id', 'post_anew', 'change_host']],
    ['a person without an object id', { aadObjectId: undefined }, ['reopen', 'post_anew', 'change_host']],
    [
      'a person without a pairwise id',
      { teamsUserId: undefined },
      ['reopen', 'reopen_by_object_id', 'post_anew', 'change_host'],
    ],
    ['a channel', { teamsUserId: undefined, aadObjectId: undefined }, ['post_anew', 'change_host']],
    ['a chat that was opened again', { remedies: ['reopen'] }, ['reopen_by_object_id', 'post_anew', 'change_host']],
    ['a chat that was opened by object id', { remedies: ['reopen_by_object_id'] }, ['post_anew', 'change_host']],
    ['a chat that was moved', { remedies: ['change_host'] }, ['reopen', 'reopen_by_object_id', 'post_anew']],
    [
      'a chat that is in GCC already',
      { serviceUrl: 'https://smba.infra.gcc.teams.microsoft.com/teams/' },
      ['reopen', 'reopen_by_object_id', 'post_anew'],
    ],
    ['a message that was posted anew', { remedies: ['post_anew'] }, ['reopen', 'reopen_by_object_id', 'change_host']],
  ])('for %s', (_name, patient, expected) => {
    expect(listRemedies({ ...PERSON, ...patient }, MICROSOFT)).toEqual(expected);
  });

  test.each<[string, ServiceUrlPolicy]>([
    ['a stand-in for Teams', { kind: 'prefix', prefix: 'http://127.0.0.1:3979/' }],
    ['a loopback address', { kind: 'loopback' }],
    ['hosts without that of GCC', { kind: 'hosts', hosts: ['smba.trafficmanager.net'] }],
  ])('never leads to another cloud where the token may go to %s only', (_name, policy) => {
    expect(listRemedies(PERSON, policy)).not.toContain('change_host');
  });
});

describe('the remedy', () => {
  const all = ['reopen', 'reopen_by_object_id', 'change_host'] as const;

  test.each([
    ['conversation_not_found', 'post', all, 'reopen'],
    ['conversation_not_found', 'open', all, undefined],
    ['wrong_identity', 'post', all, 'reopen_by_object_id'],
    ['wrong_identity', 'open', all, 'reopen_by_object_id'],
    ['wrong_identity', 'post', ['reopen'] as const, 'reopen'],
    ['wrong_identity', 'open', ['reopen'] as const, undefined],
    ['wrong_cloud', 'post', all, 'change_host'],
    ['wrong_cloud', 'open', all, 'change_host'],
    ['blocked_by_user', 'post', all, undefined],
    ['not_in_roster', 'post', all, undefined],
    ['untrusted_service_url', 'post', all, undefined],
  ] as const)('for %s of a %s with %j left is %s', (reason, operation, remedies, expected) => {
    expect(chooseRemedy(reason, { remedies, isInChat: operation === 'post' })).toBe(expected);
    expect(chooseRemedy(reason, { remedies: [], isInChat: operation === 'post' })).toBeUndefined();
  });
});
