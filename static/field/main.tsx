/**
 * Starts the client: reads what the shell says, loads the reader's language,
 * signs in, and shows the page that the address names.
 */
import { render } from 'solid-js/web';
import { Api } from './api/client.ts';
import { Problem } from './api/problem.ts';
import { App } from './App.tsx';
import { setLanguage, startingLanguage } from './i18n/index.ts';
import { warmEngine } from './engine/warm.ts';
import { isSafeContext } from './lib/device.ts';
import { route, signInPath } from './lib/router.ts';
import { ImmediateStore } from './records/immediate.ts';
import { BlockedPage, StartFailedPage } from './pages/StartPages.tsx';

async function boot(root: HTMLElement): Promise<void> {
  const api = new Api(root.dataset['api'] ?? '/field/api/');
  await setLanguage(startingLanguage(root.dataset['language'] ?? 'en'));
  root.replaceChildren();
  if (!isSafeContext()) {
    render(() => <BlockedPage />, root);
    return;
  }
  if (route().page === 'fill') warmEngine();
  try {
    const session = await api.session();
    render(() => <App api={api} session={session} records={new ImmediateStore(api)} />, root);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'signed-out') return location.assign(signInPath());
    render(() => <StartFailedPage error={error} />, root);
  }
}

export async function start(): Promise<void> {
  const root = document.getElementById('field-root');
  if (root) await boot(root);
}
