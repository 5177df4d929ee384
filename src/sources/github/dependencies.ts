// Vulnerable packages: alerts about the dependencies of a repository, and the advisories that they follow.

import type { DraftFact } from '../../domain/source.ts';
import { at, isObject, joined, listAt, textAt } from '../payload.ts';
import { ALERT_SEVERITIES, isClosed, toTold } from './alerts.ts';
import { excerptOf } from './excerpt.ts';
import { inRepository, keyOf, pick, spoken, type Told } from './parts.ts';

/** A dependency with a known weakness. */
export function tellDependabotAlert(body: unknown, action: string): Told | undefined {
  const alert = at(body, 'alert');
  if (!isObject(alert)) {
    return undefined;
  }
  const [advisory, vulnerability] = [at(alert, 'security_advisory'), at(alert, 'security_vulnerability')];
  return toTold(body, action, {
    kind: 'Dependabot alert',
    scope: 'dependabot',
    what: textAt(advisory, 'summary') ?? textAt(alert, 'dependency', 'package', 'name'),
    severity: textAt(vulnerability, 'severity') ?? textAt(advisory, 'severity'),
    rest: {
      text: isClosed(alert, action) ? undefined : excerptOf(textAt(advisory, 'description')),
      textFormat: 'markdown',
      facts: [
        { name: 'Package', value: packageOf(at(alert, 'dependency')) },
        { name: 'File', value: textAt(alert, 'dependency', 'manifest_path') },
        { name: 'Used for', value: textAt(alert, 'dependency', 'scope') },
        ...versionsOf(vulnerability),
        { name: 'Id', value: joined(', ', textAt(advisory, 'cve_id'), textAt(advisory, 'ghsa_id')) },
      ],
      links: [{ title: 'Open alert', url: textAt(alert, 'html_url') }],
    },
  });
}

/** `semver (npm)` */
export function packageOf(value: unknown): string | undefined {
  const [name, ecosystem] = [textAt(value, 'package', 'name'), textAt(value, 'package', 'ecosystem')];
  return name === undefined || ecosystem === undefined ? name : `${name} (${ecosystem})`;
}

/** Which versions are concerned, and which is the first that is not. */
export function versionsOf(vulnerability: unknown): readonly DraftFact[] {
  const fixed = textAt(vulnerability, 'first_patched_version', 'identifier');
  return [
    { name: 'Vulnerable', value: textAt(vulnerability, 'vulnerable_version_range') },
    { name: 'Fixed in', value: fixed },
  ];
}

/** How dependencies were told of before Dependabot. */
export function tellVulnerabilityAlert(body: unknown, action: string): Told | undefined {
  const alert = at(body, 'alert');
  if (!isObject(alert)) {
    return undefined;
  }
  const name = textAt(alert, 'affected_package_name');
  return toTold(body, action, {
    kind: 'Vulnerability alert',
    scope: 'vulnerability',
    what: joined(' ', name, textAt(alert, 'affected_range')),
    severity: textAt(alert, 'severity'),
    rest: {
      facts: [
        { name: 'Package', value: name },
        { name: 'Vulnerable', value: textAt(alert, 'affected_range') },
        { name: 'Fixed in', value: textAt(alert, 'fixed_in') },
        { name: 'Id', value: joined(', ', textAt(alert, 'external_identifier'), textAt(alert, 'ghsa_id')) },
      ],
      links: [{ title: 'Open advisory', url: textAt(alert, 'external_reference') }],
    },
  });
}

const MAX_PACKAGES = 5;

/** Of the whole world (`security_advisory`), or of one repository (`repository_advisory`). */
export function tellAdvisory(body: unknown, action: string): Told | undefined {
  const advisory = at(body, 'security_advisory') ?? at(body, 'repository_advisory');
  if (!isObject(advisory)) {
    return undefined;
  }
  const id = textAt(advisory, 'ghsa_id');
  const severity = textAt(advisory, 'severity');
  const isWithdrawn = action === 'withdrawn' || textAt(advisory, 'withdrawn_at') !== undefined;
  const references = listAt(advisory, 'references').map((reference) => textAt(reference, 'url'));
  const link = textAt(advisory, 'html_url') ?? references.find((url) => url?.startsWith('https://github.com/'));
  return {
    draft: {
      title: `Security advisory ${spoken(action)}: ${textAt(advisory, 'summary') ?? id ?? '?'}${inRepository(body)}`,
      text: excerptOf(textAt(advisory, 'description')),
      textFormat: 'markdown',
      severity: isWithdrawn ? 'info' : (pick(ALERT_SEVERITIES, severity?.toLowerCase()) ?? 'warning'),
      facts: [
        { name: 'Severity', value: severity },
        { name: 'Score', value: textAt(advisory, 'cvss', 'score') },
        { name: 'Packages', value: packagesOf(advisory) },
        { name: 'Id', value: joined(', ', textAt(advisory, 'cve_id'), id) },
      ],
      links: [{ title: 'Open advisory', url: link ?? references[0] }],
      key: keyOf(body, id && ` ${id}`) ?? id,
      state: isWithdrawn ? 'resolved' : 'open',
      occurredAt: textAt(advisory, 'updated_at'),
    },
    traits: { labels: severity === undefined ? [] : [`severity=${severity.toLowerCase()}`] },
  };
}

function packagesOf(advisory: unknown): string | undefined {
  const all = listAt(advisory, 'vulnerabilities').map((one) =>
    joined(' ', packageOf(one), textAt(one, 'vulnerable_version_range')),
  );
  const more = all.length > MAX_PACKAGES ? [`… ${all.length - MAX_PACKAGES} more`] : [];
  return joined('; ', ...all.slice(0, MAX_PACKAGES), ...more);
}
