/**
 * Opens a form: fetches the engine (only when a form is opened), the form and
 * what it needs, and starts a record: a new one, a kept one as it was left, a
 * correction of one that was sent, or a copy.
 */
import { createMutable } from 'solid-js/store';
import type { LoadFormSuccessResult, LoadFormWarningResult } from '@getodk/xforms-engine';
import type { Attachment, FormVersion } from '../api/contract.ts';
import { AuditLog } from './audit.ts';
import { attachmentFetcher, attachmentFinder, filenameOf } from './attachments.ts';
import { createFileNames } from './filenames.ts';
import { chooseLanguage } from './languages.ts';
import { KeptRecord, type Kept } from './kept.ts';
import { LAST_SAVED_FILE, prepareForm } from './prepare.ts';
import { FormSession } from './session.ts';
import type { RootNode } from './types.ts';

export interface Filler {
  readonly username: string;
  readonly deviceId: string;
  /** Language of the interface, which the form follows where it can. */
  readonly language: string;
}

/** Where a form's own files come from. */
export interface FormFiles {
  xform(form: FormVersion): Promise<string>;
  attachment(attachment: Attachment): Promise<Response>;
  /** The XML of the record of this form that was saved last on this device. */
  lastSaved(form: FormVersion): Promise<string | null>;
}

/** The form itself cannot be opened; the reader can do nothing about it. */
export class UnusableForm extends Error {
  constructor(
    message: string,
    readonly missing: readonly string[],
  ) {
    super(message);
    this.name = 'UnusableForm';
  }
}

/** Position for `start-geopoint`, or nothing when it is refused or slow. */
function currentPosition(): Promise<string> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve('');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.latitude, coords.longitude, coords.altitude ?? 0, coords.accuracy].join(' ')),
      () => resolve(''),
      { enableHighAccuracy: true, timeout: 30_000 },
    );
  });
}

async function startInstance(
  result: LoadFormSuccessResult | LoadFormWarningResult,
  filler: Filler,
  record: KeptRecord | null,
): Promise<RootNode> {
  const config = {
    stateFactory: createMutable,
    instanceAttachments: { fileNameFactory: createFileNames() },
    preloadProperties: { deviceID: filler.deviceId, username: filler.username },
    geolocationProvider: { getLocation: currentPosition },
  };
  if (!record) return result.createInstance(config).root;
  const input = record.input();
  if (record.kept.as !== 'correction') return (await result.restoreInstance(input, config)).root;
  return (await result.editInstance({ inputType: 'FORM_INSTANCE_INPUT_RESOLVED', ...input }, config)).root;
}

export async function openForm(
  form: FormVersion,
  files: FormFiles,
  filler: Filler,
  kept: Kept | null = null,
): Promise<FormSession> {
  const [engine, xml] = await Promise.all([import('@getodk/xforms-engine'), files.xform(form)]);
  const prepared = prepareForm(xml);
  const findAttachment = attachmentFinder(form.attachments);
  const missing: string[] = [];
  const fetchOwn = attachmentFetcher(findAttachment, (one) => files.attachment(one), missing);
  const result = await engine.loadForm(prepared.xml, {
    fetchFormAttachment: async (address) => {
      if (filenameOf(address.href) !== LAST_SAVED_FILE) return fetchOwn(address);
      return new Response((await files.lastSaved(form)) ?? prepared.blank(), { headers: { 'Content-Type': 'text/xml' } });
    },
  });
  if (result.status === 'failure') throw new UnusableForm(result.error.message, missing);
  const record = kept && (await KeptRecord.from(kept));
  const root = await startInstance(result, filler, record);
  chooseLanguage(root, filler.language);
  const audit = prepared.audit && new AuditLog(prepared.audit.tracksChanges, (await record?.audit()) ?? '');
  const session = new FormSession({ root, form, prepared, findAttachment, replaces: record?.replaces ?? null, audit });
  record?.giveBack(session);
  return session;
}
