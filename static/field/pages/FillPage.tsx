/** Opens one form, lets it be filled, and shows the receipt. */
import { createResource, createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { AppProps } from '../App.tsx';
import type { FormVersion, Receipt } from '../api/contract.ts';
import type { FormSession } from '../engine/session.ts';
import { openForm, UnusableForm } from '../engine/open.ts';
import { language, t } from '../i18n/index.ts';
import { deviceId } from '../lib/device.ts';
import { guardLeaving, listPath } from '../lib/router.ts';
import type { FrozenRecord } from '../records/types.ts';
import { Header } from '../ui/Header.tsx';
import { Empty, Failure, Loading } from '../ui/States.tsx';
import { FormPage } from './FormPage.tsx';
import { ReceiptPage } from './ReceiptPage.tsx';

interface Received {
  readonly receipt: Receipt;
  readonly record: FrozenRecord;
}

function Unopened(props: { readonly error: unknown; onRetry(): void }) {
  const unusable = () => (props.error instanceof UnusableForm ? props.error : null);
  const retry = () => (
    <div class="state__actions">
      <button type="button" class="button button--primary" onClick={() => props.onRetry()}>
        {t('app.retry')}
      </button>
      <a class="button" href={listPath}>
        {t('app.back')}
      </a>
    </div>
  );
  return (
    <Show when={unusable()} fallback={<Failure error={props.error}>{retry()}</Failure>}>
      {(form) => (
        <Empty
          icon="alert"
          title={t('error.form.title')}
          detail={
            form().missing.length > 0
              ? t('error.form.missing', { files: form().missing.join(', ') })
              : t('error.form.detail', { detail: form().message })
          }
        >
          <p class="state__detail">{t('error.form.how')}</p>
          {retry()}
        </Empty>
      )}
    </Show>
  );
}

export function FillPage(props: AppProps & { readonly version: string; readonly test: boolean }) {
  const [form, setForm] = createSignal<FormVersion | null>(null);
  const [received, setReceived] = createSignal<Received | null>(null);
  const [opened, { refetch }] = createResource(async (): Promise<FormSession> => {
    const found = await props.api.form(props.version, props.test);
    setForm(found);
    document.title = found.title;
    return openForm(found, props.api, {
      username: props.session.user.username,
      deviceId: deviceId(),
      language: language(),
    });
  });
  const isTest = () => props.test || form()?.state === 'draft';
  guardLeaving(() => !opened.error && !opened.loading && (opened()?.state.dirty ?? false) && !received());
  onCleanup(() => guardLeaving(null));
  return (
    <Switch>
      <Match when={received()}>
        {(done) => <ReceiptPage receipt={done().receipt} record={done().record} test={isTest()} />}
      </Match>
      <Match when={!opened.error && !opened.loading && opened()}>
        {(session) => (
          <FormPage
            session={session()}
            api={props.api}
            records={props.records}
            test={isTest()}
            onReceived={(receipt, record) => {
              setReceived({ receipt, record });
              window.scrollTo(0, 0);
            }}
          />
        )}
      </Match>
      <Match when={true}>
        <Header title={form()?.title ?? t('app.title')} back />
        <main class="page" id="content" tabindex="-1">
          <Show
            when={opened.error}
            fallback={
              <Loading
                title={form() ? t('fill.opening', { title: form()?.title ?? '' }) : t('app.loading')}
                detail={t('fill.openingDetail')}
              />
            }
          >
            <Unopened error={opened.error} onRetry={() => void refetch()} />
          </Show>
        </main>
      </Match>
    </Switch>
  );
}
