/**
 * Copies of repeat entries. When the number that governs a repeat goes down the
 * engine erases the entries beyond it for good; a copy taken before lets the
 * reader keep them, or bring them back later.
 */
import {
  isQuestion,
  isRepeat,
  type AnyNode,
  type QuestionNode,
  type RepeatInstanceNode,
  type RepeatRangeNode,
  type RootNode,
} from './types.ts';
import { descendants, isAnswered } from './tree.ts';

export interface EntryCopy {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly nested: ReadonlyMap<string, readonly EntryCopy[]>;
}

export type Answer =
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'tick' }
  | { readonly kind: 'text'; readonly value: string };

/** Position below an entry, which stays the same when entries are renumbered. */
const within = (entry: AnyNode, node: AnyNode): string =>
  node.currentState.reference.slice(entry.currentState.reference.length);

export function answerOf(node: QuestionNode): Answer | null {
  if (node.nodeType === 'note' || !isAnswered(node)) return null;
  switch (node.nodeType) {
    case 'select':
    case 'rank':
      return { kind: 'choices', values: [...node.currentState.value] };
    case 'upload':
      return node.currentState.value ? { kind: 'file', file: node.currentState.value } : null;
    case 'trigger':
      return { kind: 'tick' };
    default:
      return { kind: 'text', value: node.currentState.instanceValue };
  }
}

export function giveAnswer(node: QuestionNode, answer: Answer): void {
  if (node.currentState.readonly) return;
  if (answer.kind === 'choices' && node.nodeType === 'select') node.selectValues(answer.values);
  else if (answer.kind === 'choices' && node.nodeType === 'rank') node.setValues(answer.values);
  else if (answer.kind === 'file' && node.nodeType === 'upload') node.setValue(answer.file);
  else if (answer.kind === 'tick' && node.nodeType === 'trigger') node.setValue(true);
  else if (answer.kind === 'text' && (node.nodeType === 'input' || node.nodeType === 'range')) {
    node.setValue(answer.value);
  }
}

/** Questions of an entry, without those of repeats inside it. */
function* ownNodes(node: AnyNode): Generator<AnyNode> {
  for (const child of (node.currentState.children ?? []) as readonly AnyNode[]) {
    yield child;
    if (!isRepeat(child)) yield* ownNodes(child);
  }
}

export function copyEntry(entry: RepeatInstanceNode): EntryCopy {
  const answers = new Map<string, Answer>();
  const nested = new Map<string, readonly EntryCopy[]>();
  for (const node of ownNodes(entry)) {
    if (isRepeat(node)) nested.set(within(entry, node), node.currentState.children.map(copyEntry));
    else if (isQuestion(node)) {
      const answer = answerOf(node);
      if (answer) answers.set(within(entry, node), answer);
    }
  }
  return { answers, nested };
}

/** How many answers a copy holds, nested entries included. */
export function answerCount(copy: EntryCopy): number {
  let count = copy.answers.size;
  for (const entries of copy.nested.values()) {
    for (const entry of entries) count += answerCount(entry);
  }
  return count;
}

export function restoreEntry(entry: RepeatInstanceNode, copy: EntryCopy): void {
  for (const node of ownNodes(entry)) {
    const place = within(entry, node);
    const answer = isQuestion(node) ? copy.answers.get(place) : undefined;
    if (isQuestion(node) && answer) giveAnswer(node, answer);
  }
  for (const node of ownNodes(entry)) {
    const entries = isRepeat(node) ? copy.nested.get(within(entry, node)) : undefined;
    if (isRepeat(node) && entries) restoreRange(node, entries);
  }
}

function restoreRange(range: RepeatRangeNode, copies: readonly EntryCopy[]): void {
  const lacking = copies.length - range.currentState.children.length;
  if (range.nodeType === 'repeat-range:uncontrolled' && lacking > 0) {
    range.addInstances(range.currentState.children.length - 1, lacking);
  }
  copies.forEach((copy, index) => {
    const entry = range.currentState.children[index];
    if (entry) restoreEntry(entry, copy);
  });
}

/** Repeats whose number of entries is computed by the form. */
export function controlledRepeats(root: RootNode): RepeatRangeNode[] {
  const found: RepeatRangeNode[] = [];
  for (const node of descendants(root)) {
    if (node.nodeType === 'repeat-range:controlled') found.push(node);
  }
  return found;
}
