/**
 * The one queue of a person's finished records. Whoever wants records sent (a
 * page that opens, a button, the network that returns, the background) asks for
 * a pass; a lock over all tabs lets one pass run at a time. A record that fails
 * waits for its next turn and lets the others by.
 */
import type { Receipt } from '../api/contract.ts';
import { Problem } from '../api/problem.ts';
import type { StoredContent, Vault } from '../store/vault.ts';
import { deliver, type Submit } from './deliver.ts';
import type { FrozenRecord, KeptProblem, RecordRow } from './types.ts';

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 15 * 60_000;
/** So many failures in a row speak of the way, not of the records. */
const MOST_FAILURES = 3;

/** Doubles with every attempt; the spread keeps a team's phones from asking all at once. */
export function backOff(attempts: number, random: () => number = Math.random): number {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, attempts - 1));
  return wait * (0.5 + random() / 2);
}

export interface Pass {
  /** Another tab was sending already. */
  readonly elsewhere: boolean;
  readonly sent: number;
  readonly failed: number;
  /** What was met last that speaks of the way or the session, not of a record. */
  readonly problem: Problem | null;
}

/** Moments at which the server asked to be left alone, kept over tabs and restarts. */
export interface Pause {
  until(): Promise<number>;
  set(moment: number): Promise<void>;
}

export interface QueueTools {
  readonly vault: Vault;
  readonly submit: Submit;
  readonly pause: Pause;
  readonly locks?: Pick<LockManager, 'request'>;
  readonly now?: () => number;
  readonly random?: () => number;
}

export function frozenFrom(stored: StoredContent): FrozenRecord {
  const blobs = new Map(stored.files.map((file) => [file.name, file]));
  return {
    instanceId: stored.row.instanceId,
    xml: stored.xml,
    sha256: stored.row.sha256,
    files: stored.row.files.flatMap(({ name, sha256 }) => {
      const blob = blobs.get(name);
      return blob ? [{ name, blob, sha256 }] : [];
    }),
  };
}

const kept = (problem: Problem): KeptProblem => ({
  kind: problem.kind,
  status: problem.status,
  body: problem.body,
});

export class Queue {
  private readonly now: () => number;

  constructor(private readonly tools: QueueTools) {
    this.now = tools.now ?? Date.now;
  }

  /**
   * Sends what is due. `insist` sends what waits for its next turn as well, and lets a pass that
   * runs elsewhere (another tab, the background) end first instead of relying on it.
   */
  async pass(insist = false): Promise<Pass> {
    const locks = this.tools.locks ?? navigator.locks;
    const name = `tessera-send-${this.tools.vault.owner}`;
    return locks.request(name, { ifAvailable: !insist }, async (lock) => {
      if (!lock) return { elsewhere: true, sent: 0, failed: 0, problem: null };
      return this.sendAll(insist);
    });
  }

  /** When the next record is due, or null when none waits. */
  async nextAt(): Promise<number | null> {
    const waiting = (await this.tools.vault.list()).filter((row) => row.state === 'finalised' && !row.deletedAt);
    if (waiting.length === 0) return null;
    return Math.max(await this.tools.pause.until(), Math.min(...waiting.map((row) => row.nextAttemptAt)));
  }

  private async sendAll(insist: boolean): Promise<Pass> {
    const pass = { elsewhere: false, sent: 0, failed: 0, problem: null as Problem | null };
    let inARow = 0;
    const tried = new Set<string>();
    while (inARow < MOST_FAILURES && pass.problem?.kind !== 'signed-out') {
      const row = (await this.tools.pause.until()) > this.now() ? null : await this.next(insist, tried);
      if (!row) break;
      tried.add(row.instanceId);
      const problem = await this.sendOne(row.instanceId);
      if (problem) pass.failed += 1;
      else pass.sent += 1;
      const passing = problem && !problem.isFinal ? problem : null;
      inARow = passing ? inARow + 1 : 0;
      pass.problem = passing ?? pass.problem;
    }
    return pass;
  }

  /** The record whose turn it is: those that failed least recently and least often first. */
  private async next(insist: boolean, tried: ReadonlySet<string>): Promise<RecordRow | null> {
    const rows = await this.tools.vault.list();
    const unsent = new Set(rows.filter((row) => row.state !== 'sent').map((row) => row.instanceId));
    const due = rows.filter(
      (row) =>
        row.state === 'finalised' &&
        row.deletedAt === null &&
        !tried.has(row.instanceId) &&
        (insist || row.nextAttemptAt <= this.now()) &&
        // A correction follows the record that it corrects.
        !(row.replaces && unsent.has(row.replaces)),
    );
    due.sort((a, b) => a.nextAttemptAt - b.nextAttemptAt || a.changedAt - b.changedAt);
    return due[0] ?? null;
  }

  /** Null once the receipt is kept; else the problem that was met. */
  private async sendOne(instanceId: string): Promise<Problem | null> {
    const { vault, submit } = this.tools;
    // Noted before the first byte leaves: whatever happens next, the server may have it.
    await vault.change(instanceId, (row) => ({ ...row, attempts: row.attempts + 1, mayBeThere: true }));
    const stored = await vault.read(instanceId);
    if (!stored) return null;
    try {
      const again = stored.row.attempts > 1;
      await this.received(stored.row, await deliver(frozenFrom(stored), stored.row.form.submit_url, submit, again));
      return null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await this.note(stored.row, error);
      return error;
    }
  }

  private async received(row: RecordRow, receipt: Receipt): Promise<void> {
    await this.tools.vault.change(row.instanceId, (now) => ({
      ...now,
      state: 'sent',
      receipt,
      problem: null,
      changedAt: this.now(),
    }));
  }

  private async note(row: RecordRow, problem: Problem): Promise<void> {
    const { vault, pause, random } = this.tools;
    if (problem.retryAfter !== null) await pause.set(this.now() + problem.retryAfter);
    await vault.change(row.instanceId, (now) => {
      if (problem.isFinal) return { ...now, state: 'rejected', problem: kept(problem), changedAt: this.now() };
      // Nothing left the device without a session.
      const untried = problem.kind === 'signed-out' ? { attempts: row.attempts - 1, mayBeThere: row.attempts > 1 } : {};
      const wait = problem.kind === 'signed-out' ? 0 : Math.max(backOff(row.attempts, random), problem.retryAfter ?? 0);
      return { ...now, ...untried, problem: kept(problem), nextAttemptAt: this.now() + wait };
    });
  }
}
