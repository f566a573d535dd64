/**
 * The shapes that the server and the field client exchange under /field/api/.
 * They are written once here, so that every other module speaks of the same
 * forms, receipts and problems.
 */

export interface Named {
  readonly slug: string;
  readonly name: string;
}

export interface Session {
  readonly user: { readonly username: string; readonly name: string; readonly language: string };
  readonly csrf_token: string;
  readonly operations: readonly Named[];
  /** What the person does in this client: `forms`, `receipts` of cargo. */
  readonly work?: readonly string[];
  readonly version: string;
  /** Signs what this person exports to a file, so that the server knows it for theirs. */
  readonly export_key?: string;
}

export interface Attachment {
  readonly filename: string;
  readonly hash: string;
  readonly url: string;
  readonly type: string;
}

export interface FormVersion {
  readonly id: string | number;
  readonly form_id: string;
  readonly title: string;
  readonly version: string;
  readonly state: 'published' | 'draft';
  readonly operation: Named;
  readonly assessment: { readonly id: string | number; readonly title: string } | null;
  readonly languages: readonly string[];
  readonly hash: string;
  readonly xform_url: string;
  readonly attachments: readonly Attachment[];
  readonly submit_url: string;
  readonly description: string;
  /** What the reader is asked to collect with this form, area by area. */
  readonly assignments?: readonly Assignment[];
  /** The waybill that a receipt of cargo is written for, in place of a form. */
  readonly waybill?: Waybill;
}

/** What one vehicle brings to the reader's organisation, as far as the reader may know it. */
export interface Waybill {
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly state: string;
  readonly operation: Named;
  readonly convoy: string;
  readonly vehicle: string;
  readonly from: string;
  readonly to: string;
  readonly consignee: string;
  readonly expected_at: string | null;
  readonly seals: readonly string[];
  readonly lines: readonly WaybillLine[];
}

/** Quantities are decimal numbers as text, in the item's unit. */
export interface WaybillLine {
  readonly load: string;
  readonly item: string;
  readonly unit: string;
  readonly qty: string;
  readonly outstanding: string;
  readonly kg: string;
}

export interface CatalogueItem {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
}

export interface ExpectedCargo {
  readonly waybills: readonly Waybill[];
  /** By operation, what may come without standing on a waybill. */
  readonly items: Readonly<Record<string, readonly CatalogueItem[]>>;
}

export interface Assignment {
  readonly area: { readonly pcode: string; readonly name: string };
  readonly target: number | null;
  readonly received: number;
  readonly starts: string | null;
  readonly ends: string | null;
}

export interface ReceiptFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

export interface Receipt {
  readonly id: string | number;
  readonly instance_id: string;
  readonly sha256: string;
  readonly received_at: string;
  readonly test: boolean;
  readonly url: string | null;
  readonly files: readonly ReceiptFile[];
  readonly missing: readonly string[];
}

/** What waits on a device, told so that somebody knows when the device is lost. */
export interface Beacon {
  readonly device_id: string;
  readonly name: string;
  readonly app_version: string;
  readonly client_time: string;
  readonly unsent: readonly {
    readonly instance_id: string;
    readonly form_id: string;
    readonly version: string;
    readonly title: string;
    readonly state: 'draft' | 'finalised' | 'rejected';
    readonly changed_at: string;
  }[];
  readonly storage: { readonly usage: number | null; readonly quota: number | null; readonly persisted: boolean };
}

export interface BeaconAnswer {
  readonly server_time: string;
  readonly revoked: boolean;
}

/** An `application/problem+json` body, as core/errors renders it. */
export interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly code?: string;
  readonly detail?: string;
  readonly how?: string;
}
