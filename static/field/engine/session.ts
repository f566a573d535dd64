/**
 * One form being filled. It stands between the widgets and the engine: every
 * change passes here, so that what cannot be read is said, what would erase
 * answers is asked about, and what is unsent is known.
 */
import { createMutable } from 'solid-js/store';
import type { FormVersion } from '../api/contract.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { AttachmentFinder } from './attachments.ts';
import type { AuditLog } from './audit.ts';
import { answerCount, controlledRepeats, copyEntry, restoreEntry, type EntryCopy } from './copies.ts';
import type { PreparedForm } from './prepare.ts';
import { HiddenMemory } from './hidden.ts';
import { layoutOf, type Layout } from './steps.ts';
import { descendants, nodeName, questions } from './tree.ts';
import type { AnyNode, InputNode, QuestionNode, RangeNode, RepeatRangeNode, RootNode } from './types.ts';
import { readValue } from './values.ts';

/** A change that would erase answered entries and waits for a decision. */
export interface PendingLoss {
  readonly entries: number;
  readonly answers: number;
  keep(): void;
  remove(): void;
}

export interface FormProblem {
  readonly node: QuestionNode;
  readonly kind: 'unreadable' | 'required' | 'constraint';
  /** The form's own words, where it has some. */
  readonly text: string;
  readonly key: MessageKey;
}

interface SessionState {
  /** Grows with every change, so that a save knows what it has covered. */
  changes: number;
  /** Every problem is shown, not only those of questions already visited. */
  showAll: boolean;
  loss: PendingLoss | null;
  readonly touched: Record<string, boolean>;
  readonly unreadable: Record<string, MessageKey>;
  readonly removed: Record<string, EntryCopy[]>;
}

export interface SessionParts {
  readonly root: RootNode;
  readonly form: FormVersion;
  readonly prepared: PreparedForm;
  readonly findAttachment: AttachmentFinder;
  /** The id of the record that this one corrects. */
  readonly replaces: string | null;
  /** The log of the filling, where the form asks for one. */
  readonly audit: AuditLog | null;
}

export class FormSession {
  readonly root: RootNode;
  readonly form: FormVersion;
  readonly layout: Layout;
  readonly findAttachment: AttachmentFinder;
  readonly state: SessionState = createMutable<SessionState>({
    changes: 0,
    showAll: false,
    loss: null,
    touched: {},
    unreadable: {},
    removed: {},
  });
  private readonly prepared: PreparedForm;
  readonly replaces: string | null;
  readonly audit: AuditLog | null;
  readonly memory: HiddenMemory;
  private readonly countsEntries: boolean;

  constructor(parts: SessionParts) {
    this.root = parts.root;
    this.form = parts.form;
    this.prepared = parts.prepared;
    this.findAttachment = parts.findAttachment;
    this.replaces = parts.replaces;
    this.audit = parts.audit;
    this.layout = layoutOf(parts.root);
    this.memory = new HiddenMemory(parts.root);
    this.countsEntries = /\bcount=|:count=/.test(parts.prepared.xml);
  }

  /** Known from the start; it names the record on the device and on the server alike. */
  get instanceId(): string {
    for (const node of descendants(this.root)) {
      if (nodeName(node) === 'instanceID') return node.currentState.instanceValue ?? '';
    }
    throw new Error('The form has no instanceID');
  }

  guidance(node: QuestionNode): string {
    return this.prepared.guidance(node.definition.nodeset, this.root.currentState.activeLanguage.language);
  }

  touch(node: QuestionNode): void {
    this.state.touched[node.nodeId] = true;
  }

  /** Takes what was typed or picked. Returns whether the engine has it now. */
  enter(node: InputNode | RangeNode, text: string): boolean {
    const reading = readValue(node.valueType, text);
    if (!reading.ok) {
      this.refuse(node, reading.error);
      return false;
    }
    if (reading.value === node.currentState.instanceValue && !this.state.unreadable[node.nodeId]) return true;
    const before = node.currentState.instanceValue;
    delete this.state.unreadable[node.nodeId];
    this.change(
      () => node.setValue(reading.value),
      () => node.setValue(before),
    );
    // The engine blanks what it cannot keep and says nothing.
    if (reading.value !== '' && node.currentState.instanceValue === '') {
      this.refuse(node, 'value.notAccepted');
      return false;
    }
    return true;
  }

  /** What is on screen is not what would be sent: the old answer must not stay behind it. */
  refuse(node: InputNode | RangeNode, error: MessageKey): void {
    const before = node.currentState.instanceValue;
    this.state.unreadable[node.nodeId] = error;
    if (before !== '') this.change(() => node.setValue(''), () => node.setValue(before));
    this.state.changes += 1;
  }

  /** Any change of an answer. `undo` puts the old one back if the reader decides so. */
  change(apply: () => void, undo: () => void): void {
    this.state.changes += 1;
    this.memory.note();
    if (!this.countsEntries) {
      apply();
      return;
    }
    const before = controlledRepeats(this.root).map((range) => ({
      range,
      copies: range.currentState.children.map(copyEntry),
    }));
    apply();
    const lost = before
      .map(({ range, copies }) => ({ range, copies, gone: copies.slice(range.currentState.children.length) }))
      .filter(({ gone }) => gone.some((copy) => answerCount(copy) > 0));
    if (lost.length > 0) this.state.loss = this.pendingLoss(lost, undo);
  }

  private pendingLoss(
    lost: readonly { range: RepeatRangeNode; copies: EntryCopy[]; gone: EntryCopy[] }[],
    undo: () => void,
  ): PendingLoss {
    const gone = lost.flatMap((item) => item.gone);
    return {
      entries: gone.length,
      answers: gone.reduce((sum, copy) => sum + answerCount(copy), 0),
      keep: () => {
        undo();
        for (const { range, copies } of lost) {
          copies.forEach((copy, index) => {
            const entry = range.currentState.children[index];
            if (entry) restoreEntry(entry, copy);
          });
        }
        this.state.loss = null;
      },
      remove: () => {
        for (const { range, gone: copies } of lost) this.keepCopies(range, copies);
        this.state.loss = null;
      },
    };
  }

  private keepCopies(range: RepeatRangeNode, copies: readonly EntryCopy[]): void {
    const kept = copies.filter((copy) => answerCount(copy) > 0);
    this.state.removed[range.nodeId] = [...kept, ...(this.state.removed[range.nodeId] ?? [])];
  }

  addEntry(range: RepeatRangeNode): void {
    if (range.nodeType !== 'repeat-range:uncontrolled') return;
    this.state.changes += 1;
    range.addInstances(range.currentState.children.length - 1, 1);
  }

  removeEntry(range: RepeatRangeNode, index: number): void {
    const entry = range.currentState.children[index];
    if (range.nodeType !== 'repeat-range:uncontrolled' || !entry) return;
    this.state.changes += 1;
    this.keepCopies(range, [copyEntry(entry)]);
    range.removeInstances(index, 1);
  }

  /** Puts the copy removed last into a new entry, or into the last one where the form rules the number. */
  bringBack(range: RepeatRangeNode): void {
    const [copy, ...others] = this.state.removed[range.nodeId] ?? [];
    if (!copy) return;
    this.addEntry(range);
    const entry = range.currentState.children.at(-1);
    if (!entry) return;
    restoreEntry(entry, copy);
    this.state.removed[range.nodeId] = others;
  }

  /** Whether a copy can be brought back without overwriting an answered entry. */
  canBringBack(range: RepeatRangeNode): boolean {
    if (!this.state.removed[range.nodeId]?.length) return false;
    if (range.nodeType === 'repeat-range:uncontrolled') return true;
    const last = range.currentState.children.at(-1);
    return last !== undefined && answerCount(copyEntry(last)) === 0;
  }

  problemOf(node: QuestionNode): FormProblem | null {
    const unreadable = this.state.unreadable[node.nodeId];
    if (unreadable) return { node, kind: 'unreadable', text: '', key: unreadable };
    const violation = node.validationState.violation;
    if (!violation) return null;
    const kind = violation.condition;
    return {
      node,
      kind,
      text: violation.message?.asString.trim() ?? '',
      key: kind === 'required' ? 'problem.required' : 'problem.constraint',
    };
  }

  /** The problem to show at a question now, if its time has come. */
  shownProblem(node: QuestionNode): FormProblem | null {
    const problem = this.problemOf(node);
    if (!problem || problem.kind === 'unreadable') return problem;
    return this.state.showAll || this.state.touched[node.nodeId] ? problem : null;
  }

  /** Every problem of the form, in the order of its questions. */
  problems(within: readonly AnyNode[] = [this.root]): FormProblem[] {
    const nodes = within.flatMap(questions);
    return nodes.map((node) => this.problemOf(node)).filter((problem) => problem !== null);
  }
}
