/**
 * A receipt as it is written: what the page changes, the bytes that are kept
 * and sent, and what is wrong with it. Quantities stay the text that was typed
 * until it reads as a number, so that nothing that somebody wrote is lost.
 */
import type { Waybill, WaybillLine } from '../api/contract.ts';
import { RECEIPT_TYPE } from '../records/types.ts';
import type { WordKey } from './words.ts';

export type SealState = 'intact' | 'broken' | 'absent';
export const SEAL_STATES: readonly SealState[] = ['intact', 'broken', 'absent'];
export const AMOUNTS = ['good', 'damaged', 'missing'] as const;
export type Amount = (typeof AMOUNTS)[number];

export interface Line {
  /** The line of the waybill; empty where an item came that stands on none. */
  readonly load: string;
  item: string;
  good: string;
  damaged: string;
  missing: string;
  reason: string;
  weighed_kg: string;
}

export interface Picture {
  readonly name: string;
  readonly kind: 'photo' | 'signature';
  readonly sha256: string;
}

export interface Draft {
  readonly id: string;
  occurred_at: string;
  receiver: string;
  signed_by: string;
  remarks: string;
  final: boolean;
  lines: Line[];
  seal_states: Record<string, SealState | ''>;
  other_seals: string;
  files: Picture[];
}

const blank = (load: string): Line => ({ load, item: '', good: '', damaged: '', missing: '', reason: '', weighed_kg: '' });
export const extraLine = (): Line => blank('');

export function newDraft(waybill: Waybill, receiver: string, now: Date = new Date()): Draft {
  return {
    id: crypto.randomUUID(),
    occurred_at: now.toISOString(),
    receiver,
    signed_by: '',
    remarks: '',
    final: false,
    lines: waybill.lines.map(({ load }) => blank(load)),
    seal_states: Object.fromEntries(waybill.seals.map((seal) => [seal, ''])),
    other_seals: '',
    files: [],
  };
}

const NUMBER = /^\d{1,11}([.,]\d{1,3})?$/;

/** The number that was typed; 0 for nothing, null for what is no quantity. */
export function quantity(text: string): number | null {
  const typed = text.trim();
  if (typed === '') return 0;
  return NUMBER.test(typed) ? Number(typed.replace(',', '.')) : null;
}

const written = (text: string): string => {
  const typed = text.trim();
  return NUMBER.test(typed) ? typed.replace(',', '.') : typed;
};

export const saysSomething = (line: Line): boolean =>
  Boolean(line.item || line.reason.trim() || line.weighed_kg.trim() || AMOUNTS.some((name) => line[name].trim()));

const thousandths = (value: number): number => Math.round(value * 1000);

/** What is left of a waybill's line beyond what this receipt says; below nothing is overage. Null while unreadable. */
export function left(line: Line, expected: WaybillLine): number | null {
  const told = AMOUNTS.map((name) => quantity(line[name]));
  if (told.some((one) => one === null)) return null;
  const rest = told.reduce<number>((sum, one) => sum - thousandths(one ?? 0), thousandths(Number(expected.outstanding)));
  return rest / 1000;
}

/** The seals that were seen, broken ones included. */
function sealsSeen(draft: Draft): string {
  const seen = Object.entries(draft.seal_states).filter(([, state]) => state === 'intact' || state === 'broken');
  const others = draft.other_seals.split(',').map((seal) => seal.trim());
  return [...seen.map(([seal]) => seal), ...others].filter(Boolean).join(', ');
}

/** The bytes of a receipt: lines of which nothing is said are left out. */
export function bytesOf(draft: Draft): Blob {
  const lines = draft.lines.filter(saysSomething).map((line) => ({
    ...(line.load ? { load: line.load } : { item: line.item }),
    ...Object.fromEntries(AMOUNTS.map((name) => [name, written(line[name])])),
    ...(line.weighed_kg.trim() ? { weighed_kg: written(line.weighed_kg) } : {}),
    reason: line.reason.trim(),
  }));
  return new Blob([JSON.stringify({ ...draft, lines, seals: sealsSeen(draft) })], { type: RECEIPT_TYPE });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A receipt that was begun, for going on with it: every line of the waybill stands there again. */
export async function draftFrom(bytes: Blob, waybill: Waybill): Promise<Draft> {
  const body = JSON.parse(await bytes.text()) as Draft;
  const lineOf = (load: string, found: Partial<Line> | undefined): Line => ({
    load,
    item: text(found?.item),
    good: text(found?.good),
    damaged: text(found?.damaged),
    missing: text(found?.missing),
    reason: text(found?.reason),
    weighed_kg: text(found?.weighed_kg),
  });
  const said = new Map(body.lines.filter((line) => line.load).map((line) => [line.load, line]));
  return {
    id: body.id,
    occurred_at: body.occurred_at,
    receiver: body.receiver,
    signed_by: body.signed_by,
    remarks: body.remarks,
    final: body.final,
    lines: [
      ...waybill.lines.map(({ load }) => lineOf(load, said.get(load))),
      ...body.lines.filter((line) => !line.load).map((line) => lineOf('', line)),
    ],
    seal_states: body.seal_states,
    other_seals: body.other_seals,
    files: body.files,
  };
}

export interface Wrong {
  /** Id of the field that has to be put right. */
  readonly field: string;
  readonly message: WordKey;
}

export const fieldId = (line: number, name: string): string => `line-${line}-${name}`;

/** What has to be put right before a receipt is finished, in the order of the page. */
export function wrongWith(draft: Draft): Wrong[] {
  const wrong: Wrong[] = [];
  if (Number.isNaN(Date.parse(draft.occurred_at))) wrong.push({ field: 'occurred-at', message: 'wrong.time' });
  if (!draft.receiver.trim()) wrong.push({ field: 'receiver', message: 'wrong.receiver' });
  draft.lines.forEach((line, index) => {
    if (!line.load && saysSomething(line) && !line.item) wrong.push({ field: fieldId(index, 'item'), message: 'wrong.item' });
    for (const name of [...AMOUNTS, 'weighed_kg'] as const) {
      if (quantity(line[name]) === null) wrong.push({ field: fieldId(index, name), message: 'wrong.number' });
    }
    const lost = (quantity(line.damaged) ?? 0) + (quantity(line.missing) ?? 0);
    if (lost > 0 && !line.reason.trim()) wrong.push({ field: fieldId(index, 'reason'), message: 'wrong.reason' });
  });
  const told = draft.lines.some(saysSomething) || draft.final || draft.remarks.trim();
  if (!told) wrong.push({ field: draft.lines.length ? fieldId(0, 'good') : 'remarks', message: 'wrong.nothing' });
  return wrong;
}
