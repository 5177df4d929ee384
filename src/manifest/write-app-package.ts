// Writing the Teams app package to a file.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAppPackage } from './app-package.ts';
import type { ManifestSettings } from './settings.ts';

/** Where the package goes and where its parts lie. */
export interface AppPackagePlace {
  /** Folders on the way are made; an older file is replaced. */
  readonly outFile: string;
  /** Holds manifest.json, color.png and outline.png; default: the folder manifest/ of this installation. */
  readonly partsDir?: string;
  /** Whether it asks for the permission to be told who has read what; yes when absent. */
  readonly asksForReads?: boolean;
}

/**
 * Writes the zip to upload to Teams.
 *
 * @throws AppError `config_invalid` when the template in `partsDir` is damaged
 */
export async function writeAppPackage(settings: ManifestSettings, place: AppPackagePlace): Promise<void> {
  const partsDir = place.partsDir ?? ownPartsDir();
  const [template, colorIcon, outlineIcon] = await Promise.all([
    readFile(join(partsDir, 'manifest.json'), 'utf8'),
    readFile(join(partsDir, 'color.png')),
    readFile(join(partsDir, 'outline.png')),
  ]);
  await mkdir(dirname(place.outFile), { recursive: true });
  const { outFile, asksForReads = true } = place;
  await writeFile(outFile, buildAppPackage(settings, { template, colorIcon, outlineIcon }, { asksForReads }));
}

/** The same distance from src/manifest/ and from the built dist/manifest/. */
function ownPartsDir(): string {
  return fileURLToPath(new URL('../../manifest/', import.meta.url));
}
