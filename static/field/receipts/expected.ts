/**
 * What is under way to the person's organisation: brought with every visit that
 * has a network, and kept beside the person for those without one.
 */
import { createSignal } from 'solid-js';
import type { Api } from '../api/client.ts';
import type { ExpectedCargo, FormVersion, Waybill } from '../api/contract.ts';
import { changePerson, person } from '../store/people.ts';

const ADDRESS = '/field/api/waybills';

const [cargo, setCargo] = createSignal<ExpectedCargo | null>(null);
/** What is known on this device, or null before it was looked at or brought. */
export { cargo };

export async function bring(api: Pick<Api, 'getJson'>, owner: string): Promise<void> {
  const brought = await api.getJson<ExpectedCargo>(ADDRESS);
  setCargo(brought);
  await changePerson(owner, { cargo: brought });
}

/** Reads what the last visit left, unless something newer is here already. */
export async function look(owner: string): Promise<ExpectedCargo | null> {
  if (!cargo()) setCargo((await person(owner))?.cargo ?? null);
  return cargo();
}

/** A waybill in the place where a record has its form: records are listed and sent by it. */
export const asForm = (waybill: Waybill, title: string): FormVersion => ({
  id: waybill.id,
  form_id: 'receipt',
  title,
  version: `${waybill.number} v${waybill.version}`,
  state: 'published',
  operation: waybill.operation,
  assessment: null,
  languages: [],
  hash: '',
  xform_url: '',
  attachments: [],
  submit_url: `${ADDRESS}/${encodeURIComponent(waybill.id)}/receipts`,
  description: '',
  waybill,
});
