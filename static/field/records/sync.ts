/**
 * Keeps this device and the server in step while a page is open: it brings the
 * forms here, sends what is finished, and knows how things stand. Every page
 * reads its signals; nothing here waits for a page.
 */
import { createSignal } from 'solid-js';
import type { Api } from '../api/client.ts';
import type { FormVersion, Session } from '../api/contract.ts';
import { Problem } from '../api/problem.ts';
import { deviceId, deviceName } from '../lib/device.ts';
import { tellUnsent } from '../lib/leaving.ts';
import { isFull, storageState, type StorageState } from '../lib/storage.ts';
import { whenQuiet } from '../lib/urgent.ts';
import { hasRoom, type PersonRow } from '../store/database.ts';
import { Packages } from '../store/packages.ts';
import { changePerson, person, signIn } from '../store/people.ts';
import { unsentByOwner, type Vault } from '../store/vault.ts';
import { SEND_TAG } from '../worker/words.ts';
import { Queue } from './queue.ts';
import { isUnsent, type RecordRow } from './types.ts';

/** How the server was met last. */
export type Reach = 'unknown' | 'online' | 'offline' | 'portal' | 'signed-out';

/** Looking at another page for a moment is no reason to ask for everything again. */
const FRESH = 60_000;
const LOOK_PAUSE = 200;
const LONGEST_TIMER = 30 * 60_000;
/** A visit that was cut short is made again after about this long, then after twice as long, and so on. */
const FIRST_AGAIN = 4_000;
const LONGEST_AGAIN = 5 * 60_000;

function reachOf(error: Problem): Reach {
  if (error.kind === 'signed-out') return 'signed-out';
  return error.kind === 'not-a-receipt' && (error.status ?? 500) < 500 ? 'portal' : 'offline';
}

/** The browser sends in the background once there is a network, where it knows how. */
async function askBackground(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as
    | (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
    | undefined;
  await registration?.sync?.register(SEND_TAG);
}

export class Sync {
  readonly packages: Packages;
  readonly queue: Queue;
  private readonly signals = {
    rows: createSignal<readonly RecordRow[] | null>(null),
    forms: createSignal<readonly FormVersion[]>([]),
    offline: createSignal<ReadonlySet<string>>(new Set()),
    reach: createSignal<Reach>('unknown'),
    busy: createSignal(false),
    sending: createSignal(false),
    syncedAt: createSignal<number | null>(null),
    revoked: createSignal(false),
    storage: createSignal<StorageState | null>(null),
    others: createSignal<ReadonlyMap<string, number>>(new Map()),
  };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private cuts = 0;
  private room = false;
  private session: Session;

  constructor(
    private readonly api: Api,
    readonly vault: Vault,
    known: PersonRow,
  ) {
    this.session = known.session;
    this.packages = new Packages((url) => api.get(url));
    this.signals.forms[1](known.forms);
    this.signals.syncedAt[1](known.syncedAt);
    this.signals.revoked[1](known.revoked);
    this.queue = new Queue({
      vault,
      submit: (url, xml, parts) => api.submit(url, xml, parts),
      pause: {
        until: async () => (await person(vault.owner))?.pausedUntil ?? 0,
        set: (moment) => changePerson(vault.owner, { pausedUntil: moment }),
      },
    });
  }

  /** The person's records, or null before they were read. */
  rows = () => this.signals.rows[0]();
  forms = () => this.signals.forms[0]();
  /** Ids of the forms that can be filled without a network. */
  offline = () => this.signals.offline[0]();
  reach = () => this.signals.reach[0]();
  busy = () => this.signals.busy[0]();
  sending = () => this.signals.sending[0]();
  syncedAt = () => this.signals.syncedAt[0]();
  revoked = () => this.signals.revoked[0]();
  storage = () => this.signals.storage[0]();
  /** How many records of other people wait on this device. */
  others = () => this.signals.others[0]();

  /** Looks again soon: while somebody writes, each save says that something changed. */
  lookSoon(): void {
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      void this.look();
    }, LOOK_PAUSE);
  }

  /** Looks at the device again: records, room, other people's waiting records. */
  async look(): Promise<void> {
    try {
      const rows = await this.vault.list();
      this.signals.rows[1](rows);
      tellUnsent(rows.filter(isUnsent).length);
      const counts = new Map(await unsentByOwner());
      counts.delete(this.vault.owner);
      this.signals.others[1](counts);
      await whenQuiet();
      this.room ||= await hasRoom();
      this.signals.storage[1](await storageState(this.room));
    } catch {
      this.signals.rows[1]((rows) => rows ?? []);
      this.signals.storage[1](await storageState(null));
    }
  }

  /** Everything that a visit with a network is for; `greeting` is the server's word on who is signed in. */
  async refresh(greeting?: Promise<Session>): Promise<void> {
    if (this.busy()) return;
    this.signals.busy[1](true);
    clearTimeout(this.again);
    try {
      const session = await (greeting ?? this.api.session());
      if (session.user.username !== this.vault.owner) return location.reload();
      this.session = session;
      this.signals.reach[1]('online');
      await whenQuiet();
      const forms = await this.api.forms();
      await this.remember(session, forms);
      this.signals.forms[1](forms);
      this.signals.syncedAt[1](Date.now());
      await this.beacon();
      await this.send();
      if (session.work?.includes('receipts')) {
        await (await import('../receipts/expected.ts')).bring(this.api, this.vault.owner);
      }
      const isAllHere = await this.fetchForms(forms);
      await this.vault.tidy();
      if (isAllHere) this.cuts = 0;
      else this.comeAgain();
    } catch (error) {
      if (!(error instanceof Problem)) return;
      this.signals.reach[1](reachOf(error));
      if (error.kind !== 'signed-out') this.comeAgain();
    } finally {
      this.signals.busy[1](false);
      await this.markOffline();
    }
  }

  /** Nobody should have to notice that a visit broke off. Without a network its return begins the next. */
  private comeAgain(): void {
    if (!navigator.onLine) return;
    const wait = Math.min(LONGEST_AGAIN, FIRST_AGAIN * 2 ** this.cuts++);
    this.again = setTimeout(() => void this.refresh(), wait * (0.75 + Math.random() / 2));
  }

  /** For the next start without a network. A full device forgets it, and works on with one. */
  private async remember(session: Session, forms: readonly FormVersion[]): Promise<void> {
    try {
      await signIn(session);
      await changePerson(this.vault.owner, { forms, syncedAt: Date.now() });
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  /** Sends what is finished. `insist`: whoever presses the button does not wait for a turn. */
  async send(insist = false): Promise<void> {
    if (this.revoked()) return;
    this.signals.sending[1](true);
    try {
      const pass = await this.queue.pass(insist);
      if (pass.problem) this.signals.reach[1](reachOf(pass.problem));
      else if (pass.sent > 0) this.signals.reach[1]('online');
      if (pass.sent + pass.failed > 0) void this.beacon().catch(() => undefined);
    } finally {
      this.signals.sending[1](false);
    }
    await this.schedule();
  }

  private async schedule(): Promise<void> {
    clearTimeout(this.timer);
    const next = await this.queue.nextAt();
    if (next === null) return;
    askBackground().catch(() => undefined); // Not every browser has it; the timer and the next visit do.
    const wait = Math.min(LONGEST_TIMER, Math.max(1_000, next - Date.now()));
    this.timer = setTimeout(() => void this.send(), wait);
  }

  /**
   * Form files are fetched one after another, so that a record on its way is not
   * slowed by them. Says whether all came: a form whose files the server cannot
   * give keeps no other form away.
   */
  private async fetchForms(forms: readonly FormVersion[]): Promise<boolean> {
    let isAllHere = true;
    for (const form of forms) {
      await whenQuiet();
      try {
        await this.packages.complete(form);
      } catch (error) {
        if (!(error instanceof Problem) || error.kind === 'signed-out' || error.status === null) throw error;
        isAllHere = false;
      }
      await this.markOffline();
    }
    for (const { slug } of this.session.operations) await this.packages.latest(this.api.areasUrl(slug));
    const begun = (await this.vault.list()).filter((row) => row.hasContent).map((row) => row.form);
    await this.packages.keepOnly([...forms, ...begun]);
    return isAllHere;
  }

  private async markOffline(): Promise<void> {
    const kept = new Set<string>();
    for (const form of this.forms()) if (await this.packages.isComplete(form)) kept.add(String(form.id));
    this.signals.offline[1](kept);
  }

  /** Boundaries behind the maps, the last known ones where there is no network. */
  async areas(operation: string): Promise<GeoJSON.FeatureCollection> {
    return (await this.packages.latest(this.api.areasUrl(operation))).json() as Promise<GeoJSON.FeatureCollection>;
  }

  private async beacon(): Promise<void> {
    const storage = await storageState(this.room);
    const unsent = (await this.vault.list()).filter(isUnsent);
    try {
      const answer = await this.api.beacon({
        device_id: deviceId(),
        name: deviceName(),
        app_version: this.session.version,
        client_time: new Date().toISOString(),
        unsent: unsent.map((row) => ({
          instance_id: row.instanceId,
          form_id: row.form.form_id,
          version: row.form.version,
          title: row.form.title,
          state: row.state as 'draft' | 'finalised' | 'rejected',
          changed_at: new Date(row.changedAt).toISOString(),
        })),
        storage: { usage: storage.usage, quota: storage.quota, persisted: storage.persisted },
      });
      this.signals.revoked[1](answer.revoked);
      await changePerson(this.vault.owner, { revoked: answer.revoked });
    } catch (error) {
      // A server without this list of devices takes records all the same.
      if (!(error instanceof Problem && error.kind !== 'signed-out')) throw error;
    }
  }

  /** Starts to follow the network, the other tabs and the clock. */
  follow(channel: BroadcastChannel, greeting: Promise<Session>): void {
    channel.addEventListener('message', () => this.lookSoon());
    window.addEventListener('online', () => void this.refresh());
    window.addEventListener('offline', () => this.signals.reach[1]('offline'));
    document.addEventListener('visibilitychange', () => {
      const isOld = Date.now() - (this.syncedAt() ?? 0) > FRESH;
      if (document.visibilityState === 'visible' && isOld) void this.refresh();
    });
    void this.look().then(() => this.refresh(greeting));
  }
}
