/**
 * Fixes a filled form as bytes. Serialising twice gives two different records
 * (the `end` time moves on), so it happens once and those bytes are what is
 * hashed, sent, sent again and exported.
 */
import { sha256 } from '../lib/hash.ts';
import type { FrozenRecord, RecordFile } from '../records/types.ts';
import type { FormSession } from './session.ts';

const SUBMISSION = 'xml_submission_file';

function instanceIdOf(xml: string): string {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const element = Array.from(document.getElementsByTagName('*')).find((node) => node.localName === 'instanceID');
  const id = element?.textContent?.trim();
  if (!id) throw new Error('The form has no instanceID');
  return id;
}

/** A File may lean on a disk file that changes or vanishes: its bytes are read now. */
async function ownBytes(file: Blob): Promise<Blob> {
  return new Blob([await file.arrayBuffer()], { type: file.type });
}

export async function finalise(session: FormSession): Promise<FrozenRecord> {
  const { root, form } = session;
  const payload = await root.prepareInstancePayload({ payloadType: 'monolithic' });
  if (payload.status !== 'ready') throw new Error('The form still has problems');
  const [data] = payload.data;
  const xml = await ownBytes(data.get(SUBMISSION));
  const files: RecordFile[] = [];
  for (const [name, file] of data.entries()) {
    if (name === SUBMISSION) continue;
    const blob = await ownBytes(file);
    files.push({ name, blob, sha256: await sha256(blob) });
  }
  return {
    instanceId: instanceIdOf(await xml.text()),
    formId: form.form_id,
    title: form.title,
    version: form.version,
    submitUrl: form.submit_url,
    xml,
    sha256: await sha256(xml),
    files,
  };
}
