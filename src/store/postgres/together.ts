// Asking for many things at once on one connection.

/** Gives the function that asks for one thing; the answers stand in the order of what was asked. */
export type Together = <Input, Output>(
  ask: (inputs: readonly Input[]) => Promise<readonly Output[]>,
) => (input: Input) => Promise<Output>;

/** Gathers what is asked before the next promise goes on. A connection runs one statement after the other. */
export function createTogether(): Together {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
  return (ask) => gatherer((inputs) => inTurn(() => ask(inputs)));
}

function gatherer<Input, Output>(ask: (inputs: readonly Input[]) => Promise<readonly Output[]>) {
  let gathered: { readonly inputs: Input[]; readonly outputs: Promise<readonly Output[]> } | undefined;
  const gather = () => {
    const inputs: Input[] = [];
    const outputs = Promise.resolve().then(() => {
      gathered = undefined;
      return ask(inputs);
    });
    gathered = { inputs, outputs };
    return gathered;
  };
  return async (input: Input): Promise<Output> => {
    const { inputs, outputs } = gathered ?? gather();
    const place = inputs.push(input) - 1;
    // Each input has its output.
    return (await outputs)[place] as Output;
  };
}
