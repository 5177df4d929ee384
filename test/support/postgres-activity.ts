// What this process waits for from PostgreSQL. The server itself cannot tell: what is still on its way to it, or back,
// looks as if there was nothing.

import pg from 'pg';

let pending = 0;

/** Statements that have not been answered, and connections that are being opened. */
export function countPending(): number {
  return pending;
}

function watch(method: 'query' | 'connect'): void {
  const run: (...input: unknown[]) => unknown = Reflect.get(pg.Client.prototype, method);
  const end = () => {
    pending -= 1;
  };
  const watched = function (this: pg.Client, ...input: unknown[]): unknown {
    const callback = input.at(-1);
    if (typeof callback === 'function') {
      pending += 1;
      const answered = (...answer: unknown[]) => {
        end();
        return callback(...answer);
      };
      return run.apply(this, [...input.slice(0, -1), answered]);
    }
    const result = run.apply(this, input);
    if (result instanceof Promise) {
      pending += 1;
      result.then(end, end);
    }
    return result;
  };
  Reflect.set(pg.Client.prototype, method, watched);
}

watch('query');
watch('connect');
