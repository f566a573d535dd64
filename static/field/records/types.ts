/**
 * What a record is on its way from the first answer to the server's receipt.
 */
import type { FormVersion, ProblemBody, Receipt } from '../api/contract.ts';
import type { ProblemKind } from '../api/problem.ts';

/**
 * - `draft`: being filled; its bytes change with every answer.
 * - `finalised`: its bytes are fixed and wait for the server.
 * - `sent`: the server's receipt speaks of exactly these bytes.
 * - `rejected`: the server said no; the answers can be corrected or exported.
 */
export type RecordState = 'draft' | 'finalised' | 'sent' | 'rejected';

/** What a record is; rows of older releases say nothing and are filled forms. */
export type RecordKind = 'submission' | 'receipt';
export const RECEIPT_TYPE = 'application/json';

export interface RecordFile {
  readonly name: string;
  readonly blob: Blob;
  readonly sha256: string;
}

/** The exact bytes that will be sent, however often they have to be sent. */
export interface FrozenRecord {
  readonly instanceId: string;
  readonly xml: Blob;
  readonly sha256: string;
  readonly files: readonly RecordFile[];
}

export interface FileEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Known once the record is finalised. */
  readonly sha256: string;
}

/** A problem as it is kept beside the record that met it. */
export interface KeptProblem {
  readonly kind: ProblemKind;
  readonly status: number | null;
  readonly body: ProblemBody;
}

export interface RecordRow {
  readonly instanceId: string;
  readonly owner: string;
  readonly state: RecordState;
  readonly kind?: RecordKind;
  /** The version that the record was begun on; it stays on it. */
  readonly form: FormVersion;
  readonly test: boolean;
  /** What tells it apart from others of its form, in the filler's own words. */
  readonly name: string;
  readonly createdAt: number;
  readonly changedAt: number;
  /** The record that this one corrects, and whose receipt it waits for. */
  readonly replaces: string | null;
  readonly sha256: string;
  readonly size: number;
  readonly files: readonly FileEntry[];
  readonly attempts: number;
  readonly nextAttemptAt: number;
  /** An attempt ended without an answer, so the server may have the record. */
  readonly mayBeThere: boolean;
  readonly problem: KeptProblem | null;
  readonly receipt: Receipt | null;
  /** Whether answers and files of a sent record are still on the device. */
  readonly hasContent: boolean;
  readonly deletedAt: number | null;
}

export const isUnsent = (row: RecordRow): boolean => row.state !== 'sent' && row.deletedAt === null;
