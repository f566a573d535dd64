/**
 * Saves records to a file, so that answers which cannot be sent are never
 * trapped in a browser. The file holds the exact bytes of every record; a
 * coordinator can give it to the server. Its digest, signed with a key that the
 * server gave to this person, shows that nobody changed it on the way.
 */
import type { Session } from '../api/contract.ts';
import { deviceId } from '../lib/device.ts';
import { hex, sha256 } from '../lib/hash.ts';
import type { DraftContent, DraftOrigin, StoredContent, Vault } from '../store/vault.ts';
import { isUnsent, type RecordRow } from './types.ts';

export const FORMAT = 'tessera-records/2';

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  const step = 0x8000;
  for (let start = 0; start < bytes.length; start += step) {
    binary += String.fromCharCode(...bytes.subarray(start, start + step));
  }
  return btoa(binary);
}

/** JSON with sorted names and no spaces: equal content gives equal bytes. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

/** What a record is exported from: one of the device, or one on screen that the device cannot take. */
export interface Exportable {
  readonly row: Pick<RecordRow, 'form' | 'instanceId' | 'state'>;
  readonly xml: Blob;
  readonly files: readonly File[];
}

async function described({ row, xml, files }: Exportable) {
  const bytes = async (blob: Blob) => ({ type: blob.type, sha256: await sha256(blob), base64: await base64(blob) });
  const described = [];
  for (const file of files) described.push({ name: file.name, ...(await bytes(file)) });
  const { waybill } = row.form;
  return {
    // Names what a receipt of cargo is of; a filled form is of its form's version.
    ...(waybill ? { kind: 'receipt', subject: waybill.id } : {}),
    form_id: row.form.form_id,
    version: row.form.version,
    title: row.form.title,
    instance_id: row.instanceId,
    state: row.state,
    submission: await bytes(xml),
    files: described,
  };
}

/** The key is used as the text that the server gave. */
async function signature(digest: string, key: string): Promise<string> {
  const bytes = new TextEncoder().encode(key);
  const imported = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(digest)));
}

export async function exportDocument(records: readonly Exportable[], session: Session): Promise<Blob> {
  const list = [];
  for (const record of records) list.push(await described(record));
  const digest = await sha256(new Blob([canonical(list)]));
  const document = {
    format: FORMAT,
    exported_at: new Date().toISOString(),
    device_id: deviceId(),
    user: session.user.username,
    digest,
    ...(session.export_key ? { signature: await signature(digest, session.export_key) } : {}),
    records: list,
  };
  return new Blob([JSON.stringify(document)], { type: 'application/json' });
}

export async function downloadRecords(records: readonly Exportable[], session: Session): Promise<void> {
  const url = URL.createObjectURL(await exportDocument(records, session));
  const link = document.createElement('a');
  link.href = url;
  const moment = new Date().toISOString().slice(0, 16).replace(/\D/g, '');
  link.download = `${session.user.username}-${moment}-${records.length}.tessera.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function downloadOnScreen(origin: DraftOrigin, content: DraftContent, session: Session): Promise<void> {
  return downloadRecords([{ row: { ...origin, state: 'draft' }, ...content }], session);
}

/** Everything of a person that the server does not have yet, in one file. */
export async function downloadUnsent(vault: Vault, session: Session): Promise<void> {
  const records: StoredContent[] = [];
  for (const row of (await vault.list()).filter(isUnsent)) {
    const stored = await vault.read(row.instanceId);
    if (stored) records.push(stored);
  }
  await downloadRecords(records, session);
}
