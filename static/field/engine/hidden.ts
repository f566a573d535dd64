/**
 * Answers behind a condition that does not hold now. The engine leaves them out
 * of the record, which is right for sending and wrong for a draft: whoever
 * changes the condition back after a pause expects them to be there.
 */
import { untrack } from 'solid-js';
import { answerOf, giveAnswer, type Answer } from './copies.ts';
import { descendants } from './tree.ts';
import { isQuestion, isRepeat, type QuestionNode, type RepeatRangeNode, type RootNode } from './types.ts';

/** A hidden answer by its place; a file is named and lies among the record's files. */
export type HiddenAnswer = Exclude<Answer, { kind: 'file' }> | { readonly kind: 'fileName'; readonly name: string };
export type HiddenAnswers = Readonly<Record<string, HiddenAnswer>>;

/** Remembers what each question held when it was last relevant. */
export class HiddenMemory {
  private readonly last = new Map<QuestionNode, Answer>();

  constructor(private readonly root: RootNode) {}

  /** To be called before and after changes: what becomes hidden in between was seen before. */
  note(): void {
    untrack(() => {
      for (const node of descendants(this.root)) {
        if (!isQuestion(node) || !node.currentState.relevant) continue;
        const answer = answerOf(node);
        if (answer) this.last.set(node, answer);
        else this.last.delete(node);
      }
    });
  }

  /** The answers that are hidden now, and their files by name. */
  collect(): { answers: HiddenAnswers; files: Map<string, File> } {
    this.note();
    const answers: Record<string, HiddenAnswer> = {};
    const files = new Map<string, File>();
    untrack(() => {
      for (const node of descendants(this.root)) {
        if (!isQuestion(node) || node.currentState.relevant) continue;
        const answer = this.last.get(node);
        if (!answer) continue;
        if (answer.kind === 'file') files.set(answer.file.name, answer.file);
        answers[node.currentState.reference] =
          answer.kind === 'file' ? { kind: 'fileName', name: answer.file.name } : answer;
      }
    });
    return { answers, files };
  }

  /** Gives hidden answers back to the questions that they belong to. */
  restore(answers: HiddenAnswers, fileOf: (name: string) => File | undefined): void {
    makeRoom(this.root, Object.keys(answers));
    for (const node of descendants(this.root)) {
      const kept = isQuestion(node) ? answers[node.currentState.reference] : undefined;
      if (!isQuestion(node) || !kept) continue;
      const file = kept.kind === 'fileName' ? fileOf(kept.name) : undefined;
      const answer: Answer | null = kept.kind !== 'fileName' ? kept : file ? { kind: 'file', file } : null;
      if (!answer) continue;
      giveAnswer(node, answer);
      this.last.set(node, answer);
    }
  }
}

/** Entries of a hidden repeat are not in the record either: they are made again. */
function makeRoom(root: RootNode, references: readonly string[]): void {
  const entriesOf = (range: RepeatRangeNode): number => {
    const start = `${range.currentState.reference}[`;
    const numbers = references
      .filter((reference) => reference.startsWith(start))
      .map((reference) => Number.parseInt(reference.slice(start.length), 10));
    return Math.max(0, ...numbers);
  };
  for (const node of descendants(root)) {
    if (!isRepeat(node) || node.nodeType !== 'repeat-range:uncontrolled') continue;
    const lacking = entriesOf(node) - node.currentState.children.length;
    if (lacking > 0) node.addInstances(node.currentState.children.length - 1, lacking);
  }
}
