/**
 * Saves a record to a file on the device, so that answers which could not be
 * sent are never trapped in a browser tab. The file is one JSON document with
 * the exact bytes of the XML and of every attachment.
 */
import type { FrozenRecord } from './types.ts';

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  const step = 0x8000;
  for (let start = 0; start < bytes.length; start += step) {
    binary += String.fromCharCode(...bytes.subarray(start, start + step));
  }
  return btoa(binary);
}

export async function exportDocument(record: FrozenRecord): Promise<Blob> {
  const files = [];
  for (const file of record.files) {
    files.push({ name: file.name, type: file.blob.type, sha256: file.sha256, base64: await base64(file.blob) });
  }
  const document = {
    format: 'tessera-record/1',
    exported_at: new Date().toISOString(),
    form_id: record.formId,
    title: record.title,
    version: record.version,
    instance_id: record.instanceId,
    submission: { type: 'text/xml', sha256: record.sha256, base64: await base64(record.xml) },
    files,
  };
  return new Blob([JSON.stringify(document)], { type: 'application/json' });
}

export async function downloadRecord(record: FrozenRecord): Promise<void> {
  const url = URL.createObjectURL(await exportDocument(record));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${record.formId}-${record.instanceId.replace(/[^\w-]+/g, '_')}.tessera.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
