/**
 * Opens a form: fetches the engine (only when a form is opened), the form and
 * what it needs, and starts a new record.
 */
import { createMutable } from 'solid-js/store';
import type { Api } from '../api/client.ts';
import type { FormVersion } from '../api/contract.ts';
import { attachmentFetcher, attachmentFinder } from './attachments.ts';
import { createFileNames } from './filenames.ts';
import { chooseLanguage } from './languages.ts';
import { prepareForm } from './prepare.ts';
import { FormSession } from './session.ts';

export interface Filler {
  readonly username: string;
  readonly deviceId: string;
  /** Language of the interface, which the form follows where it can. */
  readonly language: string;
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

export async function openForm(
  form: FormVersion,
  api: Pick<Api, 'xform' | 'attachment'>,
  filler: Filler,
): Promise<FormSession> {
  const [engine, xml] = await Promise.all([import('@getodk/xforms-engine'), api.xform(form)]);
  const prepared = prepareForm(xml);
  const findAttachment = attachmentFinder(form.attachments);
  const missing: string[] = [];
  const result = await engine.loadForm(prepared.xml, {
    fetchFormAttachment: attachmentFetcher(findAttachment, (one) => api.attachment(one), missing),
  });
  if (result.status === 'failure') throw new UnusableForm(result.error.message, missing);
  const { root } = result.createInstance({
    stateFactory: createMutable,
    instanceAttachments: { fileNameFactory: createFileNames() },
    preloadProperties: { deviceID: filler.deviceId, username: filler.username },
    geolocationProvider: { getLocation: currentPosition },
  });
  chooseLanguage(root, filler.language);
  return new FormSession({ root, form, prepared, findAttachment });
}
