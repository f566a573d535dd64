/** The server's receipt: what it has, and under which number. */
import { createEffect, For, Show } from 'solid-js';
import type { Receipt } from '../api/contract.ts';
import { formatBytes, formatMoment, t } from '../i18n/index.ts';
import { listPath, restart } from '../lib/router.ts';
import type { FrozenRecord } from '../records/types.ts';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';

export interface ReceiptPageProps {
  readonly receipt: Receipt;
  readonly record: FrozenRecord;
  readonly test: boolean;
}

function Facts(props: ReceiptPageProps) {
  return (
    <dl class="facts">
      <dt>{t('receipt.form')}</dt>
      <dd dir="auto">
        {props.record.title} · {t('list.version', { version: props.record.version })}
      </dd>
      <dt>{t('receipt.number')}</dt>
      <dd class="facts__code">{props.receipt.id}</dd>
      <dt>{t('receipt.time')}</dt>
      <dd>
        <time dateTime={props.receipt.received_at}>{formatMoment(props.receipt.received_at)}</time>
      </dd>
      <dt>{t('receipt.instance')}</dt>
      <dd class="facts__code">{props.receipt.instance_id}</dd>
      <dt>{t('receipt.hash')}</dt>
      <dd class="facts__code">{props.receipt.sha256}</dd>
      <dt>{t('receipt.files')}</dt>
      <dd>
        <Show when={props.record.files.length > 0} fallback={t('receipt.noFiles')}>
          <ul class="facts__files">
            <For each={props.record.files}>
              {(file) => (
                <li>
                  <span class="facts__code">{file.name}</span> {formatBytes(file.blob.size)}
                </li>
              )}
            </For>
          </ul>
        </Show>
      </dd>
    </dl>
  );
}

export function ReceiptPage(props: ReceiptPageProps) {
  let title: HTMLHeadingElement | undefined;
  createEffect(() => title?.focus());
  return (
    <>
      <Header title={props.record.title} back />
      <main class="page receipt" id="content" tabindex="-1">
        <Show when={props.test}>
          <p class="test-banner">{t('fill.test')}</p>
        </Show>
        <div class="receipt__head">
          <span class="receipt__mark">
            <Icon name="check" />
          </span>
          <h2
            class="receipt__title"
            tabindex="-1"
            ref={(element) => {
              title = element;
            }}
          >
            {props.test ? t('receipt.testTitle') : t('receipt.title')}
          </h2>
          <p>{t('receipt.detail')}</p>
        </div>
        <Facts {...props} />
        <div class="receipt__actions">
          <button type="button" class="button button--primary button--large" onClick={restart}>
            {t('receipt.another')}
          </button>
          <Show when={props.receipt.url}>
            {(url) => (
              <a class="button" href={url()}>
                {t('receipt.open')}
              </a>
            )}
          </Show>
          <a class="button" href={listPath}>
            {t('app.back')}
          </a>
        </div>
      </main>
    </>
  );
}
