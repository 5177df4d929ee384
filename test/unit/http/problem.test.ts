import { AppError, ERROR_CODES } from '../../../src/domain/errors.ts';
import { toEdgeProblem, toProblem } from '../../../src/http/problem.ts';

describe('a problem document', () => {
  test.each(ERROR_CODES)('exists for %s', (code) => {
    const problem = toProblem(new AppError(code, 'What was expected.'), 'request-1');
    expect(problem).toMatchObject({
      type: `urn:bellhop:problem:${code}`,
      requestId: 'request-1',
      instance: 'urn:uuid:request-1',
    });
    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.title).not.toBe('');
  });

  test('lists every fault, and further details that cannot replace the standard members', () => {
    const faults = [
      { pointer: '/to', detail: 'Expected an array.' },
      { pointer: '/title', detail: 'Expected a string.' },
    ];
    const error = new AppError('invalid_request', 'Two faults.', {
      faults,
      details: { unresolved: ['a'], status: 200 },
    });
    expect(toProblem(error, 'r')).toMatchObject({ status: 400, detail: 'Two faults.', faults, unresolved: ['a'] });
  });

  test.each([
    'internal',
    'config_invalid',
    'store_unavailable',
    'store_in_use',
    'store_newer_schema',
    'token_unavailable',
  ] as const)('of %s shows nothing of the inside', (code) => {
    const error = new AppError(code, 'canary', {
      details: { path: 'canary' },
      faults: [{ pointer: '', detail: 'canary' }],
    });
    expect(JSON.stringify(toProblem(error, 'r'))).not.toContain('canary');
  });

  test('exists for what only this edge knows', () => {
    expect(toEdgeProblem('request_timeout', 'r')).toMatchObject({
      status: 408,
      type: 'urn:bellhop:problem:request_timeout',
    });
  });
});
