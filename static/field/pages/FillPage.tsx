/**
 * Opens a form (empty, or with answers that exist already), lets it be filled,
 * and goes on to the record once it is finished.
 */
import { createResource, createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { Attachment, FormVersion } from '../api/contract.ts';
import { filling } from '../engine/draft.ts';
import type { Kept } from '../engine/kept.ts';
import type { FormSession } from '../engine/session.ts';
import { openForm, UnusableForm } from '../engine/open.ts';
import type { Field } from '../field.ts';
import { language, t } from '../i18n/index.ts';
import { deviceId } from '../lib/device.ts';
import { holdRecord, OpenElsewhere } from '../lib/holding.ts';
import { adopt, guardLeaving, listPath, moveOn, recordPath } from '../lib/router.ts';
import { urgently } from '../lib/urgent.ts';
import type { StoredContent } from '../store/vault.ts';
import { Header } from '../ui/Header.tsx';
import { Empty, Failure, Loading } from '../ui/States.tsx';
import { FormPage } from './FormPage.tsx';
import { createSaver, type Saver } from './saver.ts';

export type Source =
  | { readonly as: 'new'; readonly version: string; readonly test: boolean }
  | { readonly as: Kept['as']; readonly stored: StoredContent };

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
  if (props.error instanceof OpenElsewhere) {
    return (
      <Empty icon="lock" title={t('fill.openElsewhere.title')} detail={t('fill.openElsewhere.detail')}>
        {retry()}
      </Empty>
    );
  }
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

/** The form as it was listed with the last visit, else as the server has it now. */
async function findForm(field: Field, version: string, test: boolean): Promise<FormVersion> {
  const listed = test ? undefined : field.sync.forms().find((form) => String(form.id) === version);
  return listed ?? field.api.form(version, test);
}

interface Opened {
  readonly session: FormSession;
  readonly saver: Saver;
  readonly test: boolean;
}

export function FillPage(props: { readonly field: Field; readonly source: Source }) {
  const { field, source } = props;
  const [form, setForm] = createSignal<FormVersion | null>(source.as === 'new' ? null : source.stored.row.form);
  const isTest = () => (source.as === 'new' ? source.test || form()?.state === 'draft' : source.stored.row.test);
  let release: () => void = () => undefined;
  onCleanup(() => release());

  const open = async (): Promise<Opened> => {
    const found = form() ?? (await findForm(field, source.as === 'new' ? source.version : '', isTest()));
    setForm(found);
    document.title = found.title;
    const kept = source.as === 'new' ? null : { ...source.stored, as: source.as };
    const filler = { username: field.session.user.username, deviceId: deviceId(), language: language() };
    const files = {
      xform: (version: FormVersion) => field.sync.packages.xform(version),
      attachment: (one: Attachment) => field.sync.packages.attachment(one),
      lastSaved: (version: FormVersion) => field.vault.lastSaved(version.form_id),
    };
    const session = await openForm(found, files, filler, kept);
    release = await holdRecord(session.instanceId);
    const { instanceId, replaces } = session;
    const origin = { instanceId, form: found, test: isTest(), replaces };
    return {
      session,
      test: isTest(),
      saver: createSaver(filling(session), origin, field.vault, () => adopt(recordPath(instanceId))),
    };
  };
  const [opened, { refetch }] = createResource(() => urgently(open()));
  const ready = () => (!opened.error && !opened.loading ? opened() : undefined);
  guardLeaving(() => ready()?.saver.isBehind() === true && ready()?.saver.saving().state === 'failed');
  onCleanup(() => guardLeaving(null));
  return (
    <Switch>
      <Match when={ready()}>
        {(one) => (
          <FormPage
            field={field}
            session={one().session}
            saver={one().saver}
            test={one().test}
            onFinished={async (instanceId) => {
              await field.sync.look();
              moveOn(recordPath(instanceId));
              void field.sync.send();
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
