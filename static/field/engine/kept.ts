/**
 * Answers that exist already and are opened again. The engine shows a restored
 * file but leaves it out of what is sent, and a file that is then removed stays
 * behind as a name; so the names are taken out of the XML before the engine
 * sees it, and every file is set as if it had just been chosen.
 */
import type { RestoreFormInstanceInput } from '@getodk/xforms-engine';
import { AUDIT_FILE } from './audit.ts';
import type { HiddenAnswers } from './hidden.ts';
import type { FormSession } from './session.ts';
import { SUBMISSION } from './finalise.ts';
import { descendants } from './tree.ts';

export interface Kept {
  readonly as: 'draft' | 'correction' | 'copy';
  readonly xml: Blob;
  readonly hidden: HiddenAnswers;
  readonly files: readonly File[];
  readonly audit: string;
}

const STEP = /^(?:[^:]*:)?([^[]+)(?:\[(\d+)\])?$/;

/** The element of a record at a reference such as /data/member[2]/photo. */
function elementAt(document: Document, reference: string): Element | null {
  const [, ...steps] = reference.split('/').filter(Boolean);
  let element: Element | null = document.documentElement;
  for (const step of steps) {
    const [, name, place] = STEP.exec(step) ?? [];
    const named: Element[] = Array.from(element?.children ?? []).filter((child) => child.localName === name);
    element = named[Number(place ?? 1) - 1] ?? null;
  }
  return element;
}

/** A copy is a record of its own: it gets an id of its own and corrects nothing. */
function becomeCopy(document: Document): void {
  for (const element of Array.from(document.getElementsByTagName('*'))) {
    if (element.localName === 'instanceID') element.textContent = `uuid:${crypto.randomUUID()}`;
    if (element.localName === 'deprecatedID') element.remove();
  }
}

const textOf = (document: Document, name: string): string | null =>
  Array.from(document.getElementsByTagName('*')).find((element) => element.localName === name)?.textContent ?? null;

export class KeptRecord {
  private readonly files: ReadonlyMap<string, File>;

  private constructor(
    readonly kept: Kept,
    private readonly document: Document,
  ) {
    this.files = new Map(kept.files.map((file) => [file.name, file]));
  }

  static async from(kept: Kept): Promise<KeptRecord> {
    return new KeptRecord(kept, new DOMParser().parseFromString(await kept.xml.text(), 'text/xml'));
  }

  /** The log of earlier sittings: a draft has it beside it, a record that was finished among its files. */
  async audit(): Promise<string> {
    if (this.kept.as === 'copy') return '';
    return this.kept.audit || ((await this.files.get(AUDIT_FILE)?.text()) ?? '');
  }

  /** The id of the record that this one corrects. */
  get replaces(): string | null {
    if (this.kept.as === 'copy') return null;
    return textOf(this.document, this.kept.as === 'correction' ? 'instanceID' : 'deprecatedID');
  }

  /** The record without its files, as the engine restores it. */
  input(): RestoreFormInstanceInput {
    const bare = this.document.cloneNode(true) as Document;
    if (this.kept.as === 'copy') becomeCopy(bare);
    for (const element of Array.from(bare.getElementsByTagName('*'))) {
      if (element.children.length === 0 && this.files.has(element.textContent ?? '')) element.textContent = '';
    }
    const data = new FormData();
    data.set(SUBMISSION, new File([new XMLSerializer().serializeToString(bare)], SUBMISSION, { type: 'text/xml' }));
    return { data: [data] } as unknown as RestoreFormInstanceInput;
  }

  giveBack(session: FormSession): void {
    session.memory.restore(this.kept.hidden, (name) => this.files.get(name));
    for (const node of descendants(session.root)) {
      if (node.nodeType !== 'upload') continue;
      const file = this.files.get(elementAt(this.document, node.currentState.reference)?.textContent ?? '');
      if (file) node.setValue(file);
    }
  }
}
