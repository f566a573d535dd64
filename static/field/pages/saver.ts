/**
 * Keeps what is being filled on the device, at most a second after each change.
 * What cannot be saved is said at once, tried again, and stays on screen.
 */
import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import { RecordMoved, type DraftContent, type DraftOrigin, type Vault } from '../store/vault.ts';

/** Together with the pause of a text field this stays below a second. */
const PAUSE = 400;
const AGAIN = 5_000;

export type Saving =
  | { readonly state: 'untouched' }
  | { readonly state: 'saving' }
  | { readonly state: 'saved'; readonly at: number }
  | { readonly state: 'failed'; readonly error: unknown };

/** Something that is being filled: a form, a receipt of cargo. */
export interface Filling {
  /** Counts the changes so far. */
  changes(): number;
  /** What tells the record apart, in the filler's words. */
  name(): string;
  content(): Promise<DraftContent>;
}

export interface Saver {
  readonly origin: DraftOrigin;
  readonly filling: Filling;
  saving(): Saving;
  /** Whether something on screen is not on the device. */
  isBehind(): boolean;
  /** Saves now. Resolves whether it worked. */
  flush(): Promise<boolean>;
  /** No more saves: the record has gone on to its next state. */
  end(): void;
}

export function createSaver(
  filling: Filling,
  origin: DraftOrigin,
  vault: Pick<Vault, 'saveDraft'>,
  onFirst: () => void = () => undefined,
): Saver {
  const [saving, setSaving] = createSignal<Saving>({ state: 'untouched' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let covered = filling.changes();
  let running: Promise<boolean> | null = null;
  let ended = false;

  const later = (pause: number) => {
    timer ??= setTimeout(() => void flush(), pause);
  };
  const save = async (): Promise<boolean> => {
    const upTo = filling.changes();
    setSaving({ state: 'saving' });
    try {
      await vault.saveDraft(origin, filling.name(), await filling.content());
      if (covered === 0) onFirst();
      covered = upTo;
      setSaving({ state: 'saved', at: Date.now() });
      return true;
    } catch (error) {
      setSaving({ state: 'failed', error });
      if (!ended && !(error instanceof RecordMoved)) later(AGAIN);
      return false;
    }
  };
  const flush = async (): Promise<boolean> => {
    clearTimeout(timer);
    timer = undefined;
    if (running) await running;
    if (ended || covered === filling.changes()) return true;
    running = save();
    const worked = await running;
    running = null;
    return worked;
  };

  createEffect(on(filling.changes, () => later(PAUSE), { defer: true }));
  // A phone that is put away may not come back to this page.
  const hide = () => {
    if (document.visibilityState === 'hidden') void flush();
  };
  document.addEventListener('visibilitychange', hide);
  onCleanup(() => {
    document.removeEventListener('visibilitychange', hide);
    void flush();
  });
  return {
    origin,
    filling,
    saving,
    isBehind: () => !ended && covered !== filling.changes(),
    flush,
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
