/**
 * Fixes a filled form as bytes. Serialising twice gives two different records
 * (the `end` time moves on), so it happens once and those bytes are what is
 * hashed, sent, sent again and exported.
 */
import type { MonolithicInstancePayload } from '@getodk/xforms-engine';
import { sha256 } from '../lib/hash.ts';
import type { FrozenRecord, RecordFile } from '../records/types.ts';
import { AUDIT_FILE } from './audit.ts';
import type { FormSession } from './session.ts';

export const SUBMISSION = 'xml_submission_file';
const AUDIT = /<((?:[\w-]+:)?audit)\s*(?:\/>|><\/\1>)/;
const INSTANCE_ID = /<((?:[\w-]+:)?)instanceID>[^<]*<\/\1instanceID>/;

/** A File may lean on a disk file that changes or vanishes: its bytes are read now. */
async function ownBytes(file: Blob): Promise<Blob> {
  return new Blob([await file.arrayBuffer()], { type: file.type });
}

/** The engine forgets which record is corrected once the correction was kept as a draft. */
function naming(xml: string, replaces: string | null): string {
  if (!replaces || xml.includes('deprecatedID>')) return xml;
  return xml.replace(INSTANCE_ID, (whole, prefix: string) => {
    const name = `${prefix}deprecatedID`;
    return `${whole}<${name}>${replaces}</${name}>`;
  });
}

/** The record as it stands, complete or not. */
export async function serialise(session: FormSession): Promise<{ xml: Blob; payload: MonolithicInstancePayload }> {
  const payload = await session.root.prepareInstancePayload({ payloadType: 'monolithic' });
  const text = await payload.data[0].get(SUBMISSION).text();
  return { xml: new Blob([naming(text, session.replaces)], { type: 'text/xml' }), payload };
}

export async function finalise(session: FormSession): Promise<FrozenRecord> {
  const { xml, payload } = await serialise(session);
  if (payload.status !== 'ready') throw new Error('The form still has problems');
  const files: RecordFile[] = [];
  for (const [name, file] of payload.data[0].entries()) {
    if (name === SUBMISSION) continue;
    const blob = await ownBytes(file);
    files.push({ name, blob, sha256: await sha256(blob) });
  }
  const { audit } = session;
  if (!audit) return { instanceId: session.instanceId, xml, sha256: await sha256(xml), files };
  audit.note('form finalize');
  const log = new Blob([audit.text], { type: 'text/csv' });
  files.push({ name: AUDIT_FILE, blob: log, sha256: await sha256(log) });
  const named = new Blob([(await xml.text()).replace(AUDIT, `<$1>${AUDIT_FILE}</$1>`)], { type: 'text/xml' });
  return { instanceId: session.instanceId, xml: named, sha256: await sha256(named), files };
}
