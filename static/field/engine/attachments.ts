/**
 * Finds the files that a form's version carries behind the form's own
 * addresses (`jr://images/house.png`, `jr://file-csv/areas.csv`). The folder in
 * such an address says what the file is for, its last part which file it is.
 */
import type { FetchFormAttachment } from '@getodk/xforms-engine';
import type { Attachment } from '../api/contract.ts';

export class MissingAttachment extends Error {
  constructor(readonly filename: string) {
    super(`The form's file ${filename} is missing`);
    this.name = 'MissingAttachment';
  }
}

export function filenameOf(address: string): string {
  const last = address.split('/').pop() ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

export type AttachmentFinder = (address: string) => Attachment | undefined;

export function attachmentFinder(attachments: readonly Attachment[]): AttachmentFinder {
  const byName = new Map(attachments.map((attachment) => [attachment.filename, attachment]));
  return (address) => byName.get(filenameOf(address));
}

/** The engine's way to choice files. `missing` collects what it asked for in vain. */
export function attachmentFetcher(
  find: AttachmentFinder,
  fetchOne: (attachment: Attachment) => Promise<Response>,
  missing: string[],
): FetchFormAttachment {
  return async (address) => {
    const attachment = find(address.href);
    if (!attachment) {
      missing.push(filenameOf(address.href));
      throw new MissingAttachment(filenameOf(address.href));
    }
    return fetchOne(attachment);
  };
}
