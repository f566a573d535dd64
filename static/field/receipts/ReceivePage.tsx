/**
 * A receipt being written: begun from a waybill or gone on with, saved as it
 * changes, and finished into the queue that all records of the device share.
 */
import { createEffect, createMemo, createResource, createSignal, Match, on, onCleanup, Show, Switch } from 'solid-js';
import { createMutable } from 'solid-js/store';
import './receipts.css';
import type { CatalogueItem, Waybill } from '../api/contract.ts';
import type { Field } from '../field.ts';
import { t } from '../i18n/index.ts';
import { sha256 } from '../lib/hash.ts';
import { holdRecord, OpenElsewhere } from '../lib/holding.ts';
import { adopt, guardLeaving, listPath, moveOn, recordPath } from '../lib/router.ts';
import { SaveFailure } from '../pages/SaveFailure.tsx';
import { createSaver, type Filling } from '../pages/saver.ts';
import type { StoredContent } from '../store/vault.ts';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failure, Loading } from '../ui/States.tsx';
import { bytesOf, draftFrom, newDraft, wrongWith, type Draft, type Wrong } from './body.ts';
import { asForm, cargo, look } from './expected.ts';
import { Album } from './Pictures.tsx';
import { ReceiptForm } from './ReceiptForm.tsx';
import { w, wn } from './words.ts';

export type Source = { readonly waybill: string } | { readonly stored: StoredContent };

interface Opened {
  readonly waybill: Waybill;
  readonly draft: Draft;
  readonly files: readonly File[];
}

/** Null where the device knows no such waybill. */
async function open(field: Field, source: Source): Promise<Opened | null> {
  await look(field.vault.owner);
  if ('stored' in source) {
    const { waybill } = source.stored.row.form;
    return waybill ? { waybill, draft: await draftFrom(source.stored.xml, waybill), files: source.stored.files } : null;
  }
  const waybill = cargo()?.waybills.find((one) => one.id === source.waybill);
  return waybill ? { waybill, draft: newDraft(waybill, field.session.user.name), files: [] } : null;
}

function Problems(props: { readonly wrong: readonly Wrong[] }) {
  const go = (wrong: Wrong) => document.getElementById(wrong.field)?.focus();
  return (
    <Show when={props.wrong.length > 0}>
      <div class="summary" role="alert">
        <h2 class="summary__title">
          <Icon name="alert" />
          {wn('wrong.title', props.wrong.length)}
        </h2>
        <button type="button" class="button" onClick={() => props.wrong[0] && go(props.wrong[0])}>
          {w('wrong.go')}
        </button>
      </div>
    </Show>
  );
}

function Writing(props: { readonly field: Field; readonly opened: Opened }) {
  const { field, opened } = props;
  const { waybill } = opened;
  const { vault } = field;
  const draft = createMutable(opened.draft);
  const album = new Album(draft, opened.files);
  const title = `${waybill.number} v${waybill.version}`;
  const origin = {
    instanceId: draft.id,
    kind: 'receipt' as const,
    form: asForm(waybill, w('receipt.kind')),
    test: false,
    replaces: null,
  };
  const [changes, setChanges] = createSignal(0);
  const shape = createMemo(() => JSON.stringify(draft));
  createEffect(on(shape, () => setChanges((count) => count + 1), { defer: true }));
  const filling: Filling = {
    changes,
    name: () => `${title}, ${waybill.to}`,
    content: async () => ({ xml: bytesOf(draft), hidden: {}, files: album.all(), audit: '' }),
  };
  const saver = createSaver(filling, origin, vault, () => adopt(recordPath(draft.id)));
  const [asked, setAsked] = createSignal(false);
  const [failed, setFailed] = createSignal<{ readonly error: unknown } | null>(null);
  const [busy, setBusy] = createSignal(false);
  const wrong = createMemo(() => (asked() ? wrongWith(draft) : []));
  const failure = () => {
    const saved = saver.saving();
    return failed() ?? (saved.state === 'failed' ? saved : null);
  };
  guardLeaving(() => saver.isBehind() && saver.saving().state === 'failed');
  onCleanup(() => guardLeaving(null));

  const finish = async () => {
    setAsked(true);
    if (busy()) return;
    if (wrong().length > 0) {
      document.querySelector('.summary')?.scrollIntoView({ block: 'center' });
      return;
    }
    setBusy(true);
    setFailed(null);
    try {
      await saver.flush();
      const xml = bytesOf(draft);
      const files = album.all().map((file) => ({
        name: file.name,
        blob: file,
        sha256: draft.files.find((one) => one.name === file.name)?.sha256 ?? '',
      }));
      await vault.finalise(origin, filling.name(), { instanceId: draft.id, xml, sha256: await sha256(xml), files });
      saver.end();
      await field.sync.look();
      moveOn(recordPath(draft.id));
      void field.sync.send();
    } catch (error) {
      setFailed({ error });
      setBusy(false);
    }
  };
  return (
    <>
      <Header title={w('receive.title', { number: title })} back>
        <div class="toolbar">
          <bdi>{`${waybill.convoy}, ${waybill.vehicle}`}</bdi>
          <span class="toolbar__saved" role="status">
            <Show when={['saved', 'saving'].includes(saver.saving().state)}>
              <Icon name="check" />
              {t('fill.saved')}
            </Show>
          </span>
        </div>
      </Header>
      <div class="fill">
        <main class="fill__main" id="content" tabindex="-1">
          <SaveFailure
            failure={failure()}
            saver={saver}
            person={field.session}
            onAgain={() => void (failed() ? finish() : saver.flush())}
          />
          <Problems wrong={wrong()} />
          <div class="sheet" inert={busy()}>
            <ReceiptForm
              waybill={waybill}
              items={(cargo()?.items[waybill.operation.slug] ?? []) as readonly CatalogueItem[]}
              draft={draft}
              album={album}
              wrong={wrong()}
            />
          </div>
        </main>
      </div>
      <footer class="actions">
        <div class="actions__bar">
          <span class="actions__space" />
          <button type="button" class="button button--primary button--large" disabled={busy()} onClick={() => void finish()}>
            <Icon name="send" />
            {w('receive.finish')}
          </button>
        </div>
      </footer>
    </>
  );
}

export default function ReceivePage(props: { readonly field: Field; readonly source: Source }) {
  const { field, source } = props;
  let release: () => void = () => undefined;
  onCleanup(() => release());
  const [opened, { refetch }] = createResource(async () => {
    const found = await open(field, source);
    if (found) release = await holdRecord(found.draft.id);
    return found;
  });
  const retry = () => (
    <div class="state__actions">
      <button type="button" class="button button--primary" onClick={() => void refetch()}>
        {t('app.retry')}
      </button>
      <a class="button" href={listPath}>
        {t('app.back')}
      </a>
    </div>
  );
  document.title = w('receipt.kind');
  return (
    <Switch>
      <Match when={!opened.error && !opened.loading && opened()} keyed>
        {(found) => <Writing field={field} opened={found} />}
      </Match>
      <Match when={true}>
        <Header title={w('receipt.kind')} back />
        <main class="page" id="content" tabindex="-1">
          <Switch fallback={<Loading />}>
            <Match when={opened.error instanceof OpenElsewhere}>
              <Empty icon="lock" title={t('fill.openElsewhere.title')} detail={t('fill.openElsewhere.detail')}>
                {retry()}
              </Empty>
            </Match>
            <Match when={opened.error}>
              <Failure error={opened.error}>{retry()}</Failure>
            </Match>
            <Match when={!opened.loading}>
              <Empty icon="search" title={w('receive.unknown')} detail={w('receive.unknown.detail')}>
                {retry()}
              </Empty>
            </Match>
          </Switch>
        </main>
      </Match>
    </Switch>
  );
}
