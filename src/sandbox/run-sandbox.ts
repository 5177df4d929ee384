// `bellhop sandbox`: the service and the stand-in for Teams together, to try everything without a tenant.

import { openStage, type Stage, type StageTools } from './stage.ts';

/** Where the sandbox and the service live. */
export interface RunSandboxOptions {
  readonly folder: string;
  readonly sandboxPort: number;
  readonly servicePort: number;
}

/**
 * Runs until `stop` aborts, or until the service ends by itself.
 *
 * @param print writes text for the person at the terminal
 * @returns the exit code
 */
export async function runSandbox(
  tools: StageTools & { print(text: string): void },
  options: RunSandboxOptions,
  stop: AbortSignal,
): Promise<number> {
  const stage = await openStage(tools, { ...options, onLogLine: (line) => printTrouble(tools.print, line) });
  try {
    await stage.sandbox.people.install('ana');
    tools.print(greeting(stage));
    const isAsked = new Promise<true>((resolve) => {
      stop.addEventListener('abort', () => resolve(true), { once: true });
      if (stop.aborted) {
        resolve(true);
      }
    });
    const ended = await Promise.race([isAsked, stage.service().exited]);
    if (ended === true) {
      return 0;
    }
    tools.print(`The service ended with ${ended.signal ?? `exit code ${ended.code}`}.\n`);
    return 1;
  } finally {
    await stage.close();
  }
}

function greeting({ sandbox, service, apiKey, databasePath }: Stage): string {
  const { url } = service();
  return `
Bellhop is running, together with a stand-in for Microsoft Teams.

  Open this page:   ${sandbox.url}/

  Ana has installed the bot. Send her something:

curl -X POST ${url}/api/v1/notifications \\
  -H 'Authorization: Bearer ${apiKey}' \\
  -H 'Content-Type: application/json' \\
  -d '{"to": ["ana@contoso.com"], "title": "Deploy finished", "text": "api 4.2.0 is live", "severity": "success", "facts": [{"name": "Service", "value": "api"}], "links": [{"title": "View run", "url": "https://ci.example/1"}]}'

  Service: ${url}    Data: ${databasePath} (made anew at each start)
  Ctrl+C ends both.

`;
}

/** The log of the service is for machines; what went wrong is worth a person's look. */
function printTrouble(print: (text: string) => void, line: string): void {
  if (/"level":"(warn|error)"/.test(line)) {
    print(`${line}\n`);
  }
}
