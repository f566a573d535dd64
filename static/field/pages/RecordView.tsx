/** Where a record stands on its way, what the server said of it, and what can be done with it. */
import { createEffect, createSignal, For, lazy, on, Show, Suspense } from 'solid-js';
import type { Field } from '../field.ts';
import { formatMoment } from '../i18n/dates.ts';
import { formatBytes, t } from '../i18n/index.ts';
import { copyPath, correctPath, fillPath, moveOn, recordPath, recordsPath, type Tab } from '../lib/router.ts';
import { downloadRecords } from '../records/export.ts';
import type { RecordRow } from '../records/types.ts';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { Header } from '../ui/Header.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { explainKept } from '../ui/States.tsx';

// Their words come with them: nobody else waits for those.
const ReceiptFacts = lazy(async () => ({ default: (await import('../receipts/RecordParts.tsx')).ReceiptFacts }));
const ReceiptActions = lazy(async () => ({ default: (await import('../receipts/RecordParts.tsx')).ReceiptActions }));

const isReceipt = (row: RecordRow): boolean => row.kind === 'receipt';

interface ViewProps {
  readonly field: Field;
  readonly row: RecordRow;
}

export const tabOf = (row: RecordRow): Tab => {
  if (row.deletedAt !== null) return 'removed';
  return ({ draft: 'drafts', finalised: 'waiting', rejected: 'rejected', sent: 'sent' } as const)[row.state];
};

function Facts(props: ViewProps) {
  return (
    <dl class="facts">
      <Show
        when={isReceipt(props.row)}
        fallback={
          <>
            <dt>{t('receipt.form')}</dt>
            <dd>
              <bdi>{props.row.form.title}</bdi> · {t('list.version', { version: props.row.form.version })}
            </dd>
          </>
        }
      >
        <Suspense>
          <ReceiptFacts row={props.row} />
        </Suspense>
      </Show>
      <Show when={props.row.receipt}>
        {(receipt) => (
          <>
            <dt>{t('receipt.number')}</dt>
            <dd class="facts__code">{receipt().id}</dd>
            <dt>{t('receipt.time')}</dt>
            <dd>
              <time dateTime={receipt().received_at}>{formatMoment(receipt().received_at)}</time>
            </dd>
          </>
        )}
      </Show>
      <dt>{t('receipt.instance')}</dt>
      <dd class="facts__code">{props.row.instanceId}</dd>
      <Show when={props.row.replaces}>
        <dt>{t('record.replaces')}</dt>
        <dd class="facts__code">{props.row.replaces}</dd>
      </Show>
      <Show when={props.row.sha256}>
        <dt>{t('receipt.hash')}</dt>
        <dd class="facts__code">{props.row.sha256}</dd>
      </Show>
      <dt>{t('receipt.files')}</dt>
      <dd>
        <Show when={props.row.files.length > 0} fallback={t('receipt.noFiles')}>
          <ul class="facts__files">
            <For each={props.row.files}>
              {(file) => (
                <li>
                  <bdi class="facts__code">{file.name}</bdi> <bdi class="facts__size">{formatBytes(file.size)}</bdi>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </dd>
    </dl>
  );
}

const MARKS: Readonly<Record<Tab, IconName>> = {
  drafts: 'pen',
  waiting: 'clock',
  rejected: 'alert',
  sent: 'check',
  removed: 'trash',
};

function Standing(props: ViewProps) {
  const tab = () => tabOf(props.row);
  const sending = () => tab() === 'waiting' && props.field.sync.sending();
  const title = () => {
    if (tab() === 'sent') return props.row.test ? t('receipt.testTitle') : t('receipt.title');
    return sending() ? t('fill.sending') : t(`record.${tab()}.title` as 'record.waiting.title');
  };
  return (
    <div class="receipt__head" role="status">
      <span class="receipt__mark" classList={{ [`receipt__mark--${tab()}`]: true }}>
        <Show when={sending()} fallback={<Icon name={MARKS[tab()]} />}>
          <span class="spinner spinner--small" aria-hidden="true" />
        </Show>
      </span>
      <h2 class="receipt__title">{title()}</h2>
      <p>{tab() === 'sent' ? t('receipt.detail') : t(`record.${tab()}.detail` as 'record.waiting.detail')}</p>
    </div>
  );
}

/** Why it is not there yet, in the server's words where it gave some. */
function Trouble(props: ViewProps) {
  const said = () => (props.row.problem && props.row.state !== 'sent' ? explainKept(props.row.problem) : null);
  return (
    <Show when={said()}>
      {(problem) => (
        <div class="notice" classList={{ 'notice--alert': props.row.state === 'rejected' }}>
          <h3 class="notice__title">
            <Icon name="alert" />
            <bdi>{problem().title}</bdi>
          </h3>
          <Show when={problem().detail}>
            <p dir="auto">{problem().detail}</p>
          </Show>
          <Show when={problem().how}>
            <p dir="auto">{problem().how}</p>
          </Show>
          <Show when={props.row.state === 'finalised' && props.row.nextAttemptAt > Date.now()}>
            <p>{t('record.nextAttempt', { time: formatMoment(new Date(props.row.nextAttemptAt).toISOString()) })}</p>
          </Show>
        </div>
      )}
    </Show>
  );
}

function Actions(props: ViewProps & { onRemove(): void }) {
  const { vault, sync, session } = props.field;
  const tab = () => tabOf(props.row);
  const canReopen = () => tab() === 'rejected' || (tab() === 'waiting' && props.row.attempts === 0);
  const canCorrect = () => !isReceipt(props.row) && ((tab() === 'waiting' && !canReopen()) || (tab() === 'sent' && props.row.hasContent));
  const reopen = async () => {
    await vault.reopen(props.row.instanceId);
    moveOn(recordPath(props.row.instanceId));
  };
  const again = async () => {
    await vault.change(props.row.instanceId, (row) => ({ ...row, state: 'finalised', problem: null, nextAttemptAt: 0 }));
    await sync.send(true);
  };
  const save = async () => {
    const stored = await vault.read(props.row.instanceId);
    if (stored) await downloadRecords([stored], session);
  };
  return (
    <div class="receipt__actions">
      <Show when={tab() === 'removed'}>
        <button type="button" class="button button--primary" onClick={() => void vault.bringBack(props.row.instanceId)}>
          <Icon name="undo" />
          {t('record.bringBack')}
        </button>
      </Show>
      <Show when={tab() === 'waiting'}>
        <button type="button" class="button button--primary button--large" disabled={sync.sending()} onClick={() => void sync.send(true)}>
          <Icon name="send" />
          {t('record.sendNow')}
        </button>
      </Show>
      <Show when={isReceipt(props.row)}>
        <Suspense>
          <ReceiptActions row={props.row} />
        </Suspense>
      </Show>
      <Show when={tab() === 'sent' && !isReceipt(props.row)}>
        <a class="button button--primary button--large" href={fillPath(props.row.form.id, props.row.test)}>
          {t('receipt.another')}
        </a>
      </Show>
      <Show when={canReopen()}>
        <button type="button" class="button" classList={{ 'button--primary': tab() === 'rejected' }} onClick={() => void reopen()}>
          <Icon name="pen" />
          {t('record.edit')}
        </button>
      </Show>
      <Show when={canCorrect()}>
        <a class="button" href={correctPath(props.row.instanceId)}>
          <Icon name="pen" />
          {t('record.correct')}
        </a>
      </Show>
      <Show when={tab() === 'rejected'}>
        <button type="button" class="button" onClick={() => void again()}>
          <Icon name="send" />
          {t('record.again')}
        </button>
      </Show>
      <Show when={tab() !== 'removed' && props.row.hasContent}>
        <Show when={!isReceipt(props.row)}>
          <a class="button" href={copyPath(props.row.instanceId)}>
            <Icon name="copy" />
            {t('record.copy')}
          </a>
        </Show>
        <button type="button" class="button" onClick={() => void save()}>
          <Icon name="download" />
          {t('save.toFile')}
        </button>
      </Show>
      <Show when={!isReceipt(props.row) && props.row.receipt?.url}>
        {(url) => (
          <a class="button" href={url()}>
            {t('receipt.open')}
          </a>
        )}
      </Show>
      <Show when={tab() !== 'removed'}>
        <button type="button" class="button button--quiet" onClick={() => props.onRemove()}>
          <Icon name="trash" />
          {t('record.remove')}
        </button>
      </Show>
    </div>
  );
}

export function RemoveDialog(props: { readonly row: RecordRow; onConfirm(): void; onCancel(): void }) {
  const detail = () => (props.row.state === 'sent' ? t('record.removeSent') : t('record.removeUnsent'));
  return (
    <ConfirmDialog
      title={t('record.removeTitle')}
      detail={detail()}
      confirm={t('record.remove')}
      cancel={t('app.cancel')}
      danger
      onConfirm={() => props.onConfirm()}
      onCancel={() => props.onCancel()}
    />
  );
}

export function RecordView(props: ViewProps) {
  const [removing, setRemoving] = createSignal(false);
  createEffect(on(() => props.row.form.title, (title) => (document.title = title)));
  const remove = async () => {
    await props.field.vault.remove(props.row.instanceId);
    moveOn(recordsPath(tabOf({ ...props.row, deletedAt: null })));
  };
  return (
    <>
      <Header title={props.row.name || props.row.form.title} back={recordsPath(tabOf(props.row))} />
      <main class="page receipt" id="content" tabindex="-1">
        <Show when={props.row.test}>
          <p class="test-banner">{t('fill.test')}</p>
        </Show>
        <Standing {...props} />
        <Trouble {...props} />
        <Actions {...props} onRemove={() => setRemoving(true)} />
        <Facts {...props} />
      </main>
      <Show when={removing()}>
        <RemoveDialog row={props.row} onConfirm={() => void remove()} onCancel={() => setRemoving(false)} />
      </Show>
    </>
  );
}
