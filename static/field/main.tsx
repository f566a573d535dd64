/**
 * Starts the client: reads what the shell says, loads the reader's language,
 * finds out who is signed in (or was, where there is no network), and shows the
 * page that the address names.
 */
import { createSignal, untrack } from 'solid-js';
import { render } from 'solid-js/web';
import { Api } from './api/client.ts';
import type { Session } from './api/contract.ts';
import { Problem } from './api/problem.ts';
import { App } from './App.tsx';
import { language, setLanguage, startingLanguage } from './i18n/index.ts';
import { warmEngine } from './engine/warm.ts';
import { isSafeContext } from './lib/device.ts';
import { hasLeft, isBack } from './lib/leaving.ts';
import { route, signInPath } from './lib/router.ts';
import { askToPersist } from './lib/storage.ts';
import { urgently, whenQuiet } from './lib/urgent.ts';
import { BlockedPage, StartFailedPage } from './pages/StartPages.tsx';
import { Sync } from './records/sync.ts';
import type { PersonRow } from './store/database.ts';
import { currentPerson, fresh, signIn, signOut } from './store/people.ts';
import { Vault } from './store/vault.ts';
import { keepWorker } from './worker/register.ts';
import { RECORDS_CHANNEL } from './worker/words.ts';

/** A server that has not answered by now is not waited for when somebody is known here. */
const PATIENCE = 3_000;

/** Who is signed in by the server's word; without it, who was signed in last on this device. */
async function whoIsHere(greeting: Promise<Session>): Promise<PersonRow> {
  if (hasLeft()) await signOut().catch(() => undefined);
  const known = await currentPerson().catch(() => null);
  const asked = greeting.then((session) => {
    isBack();
    return signIn(session).catch(() => fresh(session));
  });
  if (!known) return asked;
  const late = new Promise<PersonRow>((resolve) => setTimeout(() => resolve(known), navigator.onLine ? PATIENCE : 0));
  return Promise.race([asked.catch(() => known), late]);
}

async function boot(root: HTMLElement): Promise<void> {
  const [skew, setSkew] = createSignal<number | null>(null);
  const api = new Api(root.dataset['api'] ?? '/field/api/', setSkew, () => untrack(language));
  await setLanguage(startingLanguage(root.dataset['language'] ?? 'en'));
  if (!isSafeContext()) {
    root.replaceChildren();
    render(() => <BlockedPage />, root);
    return;
  }
  if (route().page === 'fill' || route().page === 'record') urgently(warmEngine());
  try {
    const greeting = api.session();
    greeting.catch(() => undefined); // Told by whoever waits for it.
    const person = await whoIsHere(greeting);
    const channel = new BroadcastChannel(RECORDS_CHANNEL);
    const announce = () => {
      channel.postMessage('changed');
      sync.lookSoon();
    };
    const vault = new Vault(person.username, announce);
    const sync = new Sync(api, vault, person);
    root.replaceChildren();
    root.dataset['person'] = person.username;
    render(() => <App field={{ api, session: person.session, vault, sync, skew }} />, root);
    sync.follow(channel, greeting);
    await whenQuiet();
    await askToPersist();
    // Some private windows have no workers: the client then works with a network, and says so.
    keepWorker().catch(() => undefined);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'signed-out') return location.assign(signInPath());
    root.replaceChildren();
    render(() => <StartFailedPage error={error} />, root);
  }
}

export async function start(): Promise<void> {
  const root = document.getElementById('field-root');
  if (root) await boot(root);
}
