/**
 * The log of how a record came about, where the form asks for one (`audit`): what
 * was opened, which question was looked at from when to when, and, with
 * track-changes, what an answer was before. The engine leaves its node empty.
 * Columns and event names: https://docs.getodk.org/form-audit-log/
 */
export const AUDIT_FILE = 'audit.csv';

const COLUMNS = ['event', 'node', 'start', 'end'];
const CHANGES = ['old-value', 'new-value'];

type Event = 'form start' | 'form resume' | 'form save' | 'form finalize' | 'question';

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

interface Visit {
  readonly node: string;
  readonly start: number;
  readonly value: string;
}

/** What a form says about its log; null where it wants none. */
export function auditWish(xml: string): { readonly tracksChanges: boolean } | null {
  const bind = /<bind\b[^>]*\bnodeset="[^"]*\/meta\/audit"[^>]*>/.exec(xml)?.[0];
  return bind === undefined ? null : { tracksChanges: /track-changes="true"/.test(bind) };
}

export class AuditLog {
  private visit: Visit | null = null;
  private readonly rows: string[];

  /** `kept` is the log of earlier sittings. */
  constructor(
    private readonly tracksChanges: boolean,
    kept: string,
    private readonly now: () => number = Date.now,
  ) {
    this.rows = kept.split('\n').slice(1).filter(Boolean);
    this.note(kept ? 'form resume' : 'form start');
  }

  note(event: Event): void {
    this.add(event, '', this.now(), null, '', '');
  }

  /** The reader is at a question; the one before it is done. */
  enter(node: string, value: string): void {
    if (this.visit?.node === node) return;
    this.visit = { node, start: this.now(), value };
  }

  leave(node: string, value: string): void {
    const { visit } = this;
    if (visit?.node !== node) return;
    this.visit = null;
    const changed = this.tracksChanges && visit.value !== value;
    this.add('question', node, visit.start, this.now(), changed ? visit.value : '', changed ? value : '');
  }

  private add(event: Event, node: string, start: number, end: number | null, before: string, after: string): void {
    const row = [event, node, String(start), end === null ? '' : String(end)];
    this.rows.push([...row, ...(this.tracksChanges ? [before, after] : [])].map(cell).join(','));
  }

  get text(): string {
    const head = [...COLUMNS, ...(this.tracksChanges ? CHANGES : [])].join(',');
    return `${[head, ...this.rows].join('\n')}\n`;
  }
}
