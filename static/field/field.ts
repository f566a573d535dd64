/** What every page of the client works with. */
import type { Api } from './api/client.ts';
import type { Session } from './api/contract.ts';
import type { Sync } from './records/sync.ts';
import type { Vault } from './store/vault.ts';

export interface Field {
  readonly api: Api;
  readonly session: Session;
  readonly vault: Vault;
  readonly sync: Sync;
  /** How far this device's clock is behind the server's, in milliseconds; null before the server was met. */
  readonly skew: () => number | null;
}
