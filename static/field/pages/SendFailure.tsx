/** What stands above the answers while a record is under way or could not be sent. */
import { createEffect, Match, Show, Switch } from 'solid-js';
import { Problem } from '../api/problem.ts';
import { formatBytes, t, tn } from '../i18n/index.ts';
import { downloadRecord } from '../records/export.ts';
import type { FrozenRecord } from '../records/types.ts';
import { Icon } from '../ui/Icon.tsx';
import { explain } from '../ui/States.tsx';
import type { Sending } from './sending.ts';

const weight = (record: FrozenRecord): number =>
  record.files.reduce((sum, file) => sum + file.blob.size, record.xml.size);

type Failed = Extract<Sending, { state: 'failed' }>;

/** An answer of ours whose receipt speaks of other bytes needs its own words. */
function said(error: unknown): { title: string; detail: string; how: string } {
  const explained = explain(error);
  const unconfirmed = error instanceof Problem && error.kind === 'not-a-receipt' && error.status === 201;
  return unconfirmed ? { ...explained, title: t('send.notConfirmed'), how: '' } : explained;
}

function FailurePanel(props: { readonly failed: Failed; onAgain(): void; onEdit(): void }) {
  let box: HTMLDivElement | undefined;
  createEffect(() => {
    if (props.failed) box?.focus();
  });
  const signedOut = () => props.failed.error instanceof Problem && props.failed.error.kind === 'signed-out';
  return (
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
        {t('send.failed')}: {said(props.failed.error).title}
      </h2>
      <Show when={said(props.failed.error).detail}>
        <p>{said(props.failed.error).detail}</p>
      </Show>
      <Show when={said(props.failed.error).how}>
        <p>{said(props.failed.error).how}</p>
      </Show>
      <p>{props.failed.locked ? t('send.locked') : t('send.kept')}</p>
      <div class="notice__actions">
        <button type="button" class="button button--primary" onClick={() => props.onAgain()}>
          {t('send.again')}
        </button>
        <Show when={signedOut()}>
          <a class="button" href="/accounts/login/" target="_blank" rel="noopener">
            {t('error.signIn')}
          </a>
        </Show>
        <Show when={props.failed.record}>
          {(record) => (
            <button type="button" class="button" onClick={() => void downloadRecord(record())}>
              <Icon name="download" />
              {t('send.saveFile')}
            </button>
          )}
        </Show>
        <Show when={!props.failed.locked}>
          <button type="button" class="button" onClick={() => props.onEdit()}>
            {t('send.edit')}
          </button>
        </Show>
      </div>
    </div>
  );
}

export function SendFailure(props: { readonly sending: Sending; onAgain(): void; onEdit(): void }) {
  const failed = () => (props.sending.state === 'failed' ? props.sending : null);
  const record = () => (props.sending.state === 'sending' ? props.sending.record : null);
  return (
    <Switch>
      <Match when={failed()}>
        {(one) => <FailurePanel failed={one()} onAgain={() => props.onAgain()} onEdit={() => props.onEdit()} />}
      </Match>
      <Match when={props.sending.state === 'sending'}>
        <div class="notice" role="status">
          <p class="notice__title">
            <span class="spinner spinner--small" aria-hidden="true" />
            {t('fill.sending')}
          </p>
          <Show when={record()}>
            {(one) => (
              <p>{tn('send.progressFiles', one().files.length + 1, { size: formatBytes(weight(one())) })}</p>
            )}
          </Show>
        </div>
      </Match>
    </Switch>
  );
}
