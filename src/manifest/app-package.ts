// The Teams app package: the manifest template filled in, zipped with the two icons.

import { strToU8, zipSync } from 'fflate';
import { AppError } from '../domain/errors.ts';
import { MANIFEST_KEYS, type ManifestSettings } from './settings.ts';

/** What the package is made of, as it lies in the folder manifest/. */
export interface PackageParts {
  /** JSON with `${{KEY}}` placeholders in string values. */
  readonly template: string;
  /** PNG, 192 x 192. */
  readonly colorIcon: Uint8Array;
  /** PNG, 32 x 32, white on transparent. */
  readonly outlineIcon: Uint8Array;
}

/** What a manifest may leave out. */
export interface PackageOptions {
  /** Whether it asks for the permission to be told who has read what. */
  readonly asksForReads: boolean;
}

/** What that permission takes: itself, and the registration that gets it. */
const READ_PARTS: readonly string[] = ['authorization', 'webApplicationInfo'];

/** Every entry carries this instant, so that the same settings always give the same bytes. */
const ENTRY_TIME = new Date(2000, 0, 1);

/**
 * The zip that Teams takes: manifest.json, color.png and outline.png at its root. Pure.
 *
 * @throws AppError `config_invalid` when the template is no JSON or names an unknown placeholder
 */
export function buildAppPackage(
  settings: ManifestSettings,
  parts: PackageParts,
  { asksForReads }: PackageOptions = { asksForReads: true },
): Uint8Array {
  const manifest = fillTemplate(parts.template, settings, asksForReads ? [] : READ_PARTS);
  const files = {
    'manifest.json': strToU8(`${JSON.stringify(manifest, undefined, 2)}\n`),
    'color.png': parts.colorIcon,
    'outline.png': parts.outlineIcon,
  };
  return zipSync(files, { mtime: ENTRY_TIME });
}

/** Parses first and fills in after, so that no value can change the shape of the document. */
function fillTemplate(template: string, settings: ManifestSettings, leftOut: readonly string[]): unknown {
  try {
    return JSON.parse(template, (key, value: unknown) => {
      if (leftOut.includes(key)) {
        return undefined;
      }
      return typeof value === 'string' ? fill(value, settings) : value;
    });
  } catch (error) {
    if (error instanceof AppError) {
      throw error;
    }
    throw new AppError('config_invalid', 'Expected manifest.json to be JSON; restore it from the repository', {
      cause: error,
    });
  }
}

function fill(text: string, settings: ManifestSettings): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_match, name: string) => {
    const key = MANIFEST_KEYS.find((known) => known === name);
    if (!key) {
      throw new AppError(
        'config_invalid',
        `Expected manifest.json to name only ${MANIFEST_KEYS.join(', ')}, got "${name}"; correct the placeholder`,
      );
    }
    return settings[key];
  });
}
