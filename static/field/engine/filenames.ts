/**
 * Names for attached files. Two phones' photos are both called image.jpg; the
 * engine then drops one without a word, so every file gets a name of its own
 * within the record. A name that was made here before is kept, since the engine
 * asks again when a saved record is opened.
 */
import type { InstanceAttachmentFileNameFactory } from '@getodk/xforms-engine';

const MADE_HERE = /-[0-9a-f]{12}$/;
const MAX_BASE = 40;

const suffix = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const readable = (basename: string): string =>
  basename
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, MAX_BASE) || 'file';

export function createFileNames(): InstanceAttachmentFileNameFactory {
  const owners = new Map<string, string>();
  return ({ nodeId, basename, extension }) => {
    const ending = (extension ?? '').toLowerCase().replace(/[^a-z0-9.]/g, '');
    const kept = `${basename}${extension ?? ''}`;
    const owner = owners.get(kept);
    if (MADE_HERE.test(basename) && (owner === undefined || owner === nodeId)) {
      owners.set(kept, nodeId);
      return kept;
    }
    const name = `${readable(basename.replace(MADE_HERE, ''))}-${suffix()}${ending}`;
    owners.set(name, nodeId);
    return name;
  };
}
