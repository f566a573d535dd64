/** What stands above the answers while they cannot be kept on the device. */
import { createEffect, on, Show } from 'solid-js';
import type { Session } from '../api/contract.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { isFull } from '../lib/storage.ts';
import { RecordMoved } from '../store/vault.ts';
import { Icon } from '../ui/Icon.tsx';
import type { Saver } from './saver.ts';

function reasonOf(error: unknown): MessageKey {
  if (error instanceof RecordMoved) return 'save.moved';
  return isFull(error) ? 'save.full' : 'save.broken';
}

export function SaveFailure(props: {
  readonly failure: { readonly error: unknown } | null;
  readonly saver: Saver;
  readonly person: Session;
  onAgain(): void;
}) {
  let box: HTMLDivElement | undefined;
  createEffect(on(() => props.failure !== null, (failed) => failed && box?.focus()));
  const save = async () => {
    // Rarely needed, and then there may be no network: the service worker has it.
    const { downloadOnScreen } = await import('../records/export.ts');
    await downloadOnScreen(props.saver.origin, await props.saver.filling.content(), props.person);
  };
  return (
    <Show when={props.failure}>
      {(failure) => (
        <div
          class="notice notice--alert"
          role="alert"
          tabindex="-1"
          ref={(element) => {
            box = element;
          }}
        >
          <h2 class="notice__title">
            <Icon name="alert" />
            {t('save.failed')}
          </h2>
          <p>{t(reasonOf(failure().error))}</p>
          <div class="notice__actions">
            <button type="button" class="button button--primary" onClick={() => props.onAgain()}>
              {t('app.retry')}
            </button>
            <button type="button" class="button" onClick={() => void save()}>
              <Icon name="download" />
              {t('save.toFile')}
            </button>
          </div>
        </div>
      )}
    </Show>
  );
}
