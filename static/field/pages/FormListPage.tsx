/**
 * The forms that the signed-in person may fill, by assessment, with a search
 * that looks at everything one may remember of a form.
 */
import { createMemo, createSignal, For, lazy, Match, onMount, Show, Switch } from 'solid-js';
import type { Assignment, FormVersion, Session } from '../api/contract.ts';
import { warmEngine } from '../engine/warm.ts';
import type { Field } from '../field.ts';
import { formatDay } from '../i18n/dates.ts';
import { t, tn } from '../i18n/index.ts';
import { fillPath } from '../lib/router.ts';
import { does, listTitle } from '../lib/work.ts';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { isUnsent, type RecordRow } from '../records/types.ts';
import type { Sync } from '../records/sync.ts';
import { Empty, Loading } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { Banners } from './Banners.tsx';

const ToReceive = lazy(() => import('../receipts/ToReceive.tsx'));

interface Group {
  readonly key: string;
  readonly title: string;
  readonly operation: string;
  /** What the assessment is for: the same for all of its forms. */
  readonly description: string;
  readonly forms: FormVersion[];
}

function matches(form: FormVersion, search: string): boolean {
  const text = [form.title, form.form_id, form.description, form.version, form.operation.name, form.assessment?.title]
    .join(' ')
    .toLocaleLowerCase();
  return search.split(/\s+/).every((word) => text.includes(word));
}

function grouped(forms: readonly FormVersion[]): Group[] {
  const groups = new Map<string, Group>();
  for (const form of forms) {
    const key = `${form.operation.slug}/${form.assessment?.id ?? ''}`;
    const group = groups.get(key) ?? {
      key,
      title: form.assessment?.title ?? '',
      operation: form.operation.name,
      description: form.description,
      forms: [],
    };
    group.forms.push(form);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** How much of what the reader was asked for has arrived, area by area. */
function Progress(props: { readonly assignments: readonly Assignment[] }) {
  return (
    <ul class="targets">
      <For each={props.assignments}>
        {(one) => (
          <li class="targets__item">
            <span class="targets__area" dir="auto">
              {one.area.name}
            </span>
            <Show when={one.target} fallback={<span>{tn('list.received', one.received)}</span>}>
              {(target) => (
                <>
                  <progress class="targets__bar" max={target()} value={Math.min(one.received, target())} aria-label={one.area.name} />
                  <span>{t('list.ofTarget', { received: one.received, target: target() })}</span>
                </>
              )}
            </Show>
            <Show when={one.ends}>{(day) => <span class="targets__until">{t('list.until', { day: formatDay(day()) })}</span>}</Show>
          </li>
        )}
      </For>
    </ul>
  );
}

/** What this device holds of a form beside what the server has. */
function here(rows: readonly RecordRow[], form: FormVersion): number {
  return rows.filter((row) => isUnsent(row) && row.form.form_id === form.form_id).length;
}

function FormCard(props: { readonly form: FormVersion; readonly sync: Sync }) {
  const isDraft = () => props.form.state === 'draft';
  // A form without translations calls its one language so.
  const languages = () => props.form.languages.filter((name) => name !== 'default');
  const waiting = () => here(props.sync.rows() ?? [], props.form);
  return (
    <li class="form-card">
      <a class="form-card__link" href={fillPath(props.form.id, isDraft())}>
        <span class="form-card__text">
          <span class="form-card__title" dir="auto">
            {props.form.title}
            <Show when={isDraft()}>
              {' '}
              <span class="badge">{t('list.draft')}</span>
            </Show>
          </span>
          <span class="form-card__facts">
            <span>{t('list.version', { version: props.form.version })}</span>
            <Show when={languages().length > 0}>
              <span>{t('list.languages', { languages: languages().join(', ') })}</span>
            </Show>
            <Show when={props.sync.offline().has(String(props.form.id))}>
              <span class="form-card__kept">
                <Icon name="check" />
                {t('list.offline')}
              </span>
            </Show>
            <Show when={waiting() > 0}>
              <span>{tn('list.here', waiting())}</span>
            </Show>
          </span>
          <Show when={props.form.assignments?.length ? props.form.assignments : null}>
            {(assignments) => <Progress assignments={assignments()} />}
          </Show>
        </span>
        <span class="form-card__action" aria-hidden="true">
          {t('list.fill')}
          <Icon name="next" />
        </span>
      </a>
    </li>
  );
}

function FormGroups(props: {
  readonly forms: readonly FormVersion[];
  readonly showOperation: boolean;
  readonly sync: Sync;
}) {
  return (
    <For each={grouped(props.forms)}>
      {(group) => (
        <section class="form-group" aria-labelledby={`group-${group.key}`}>
          <h2 class="form-group__title" id={`group-${group.key}`} dir="auto">
            {group.title || t('list.noAssessment')}
          </h2>
          <Show when={props.showOperation}>
            <p class="form-group__operation" dir="auto">{group.operation}</p>
          </Show>
          <Show when={group.description}>
            <p class="form-group__description" dir="auto">{group.description}</p>
          </Show>
          <ul class="form-group__list">
            <For each={group.forms}>{(form) => <FormCard form={form} sync={props.sync} />}</For>
          </ul>
        </section>
      )}
    </For>
  );
}

function Filters(props: {
  readonly session: Session;
  readonly search: string;
  readonly operation: string;
  onSearch(text: string): void;
  onOperation(slug: string): void;
}) {
  return (
    <div class="filters" role="search">
      <label class="filters__search">
        <span class="visually-hidden">{t('list.search')}</span>
        <Icon name="search" />
        <input
          type="search"
          class="input"
          placeholder={t('list.search')}
          value={props.search}
          onInput={(event) => props.onSearch(event.currentTarget.value)}
        />
      </label>
      <Show when={props.session.operations.length > 1}>
        <label class="filters__operation">
          <span class="visually-hidden">{t('list.operation')}</span>
          <select class="input" value={props.operation} onChange={(event) => props.onOperation(event.currentTarget.value)}>
            <option value="">{t('list.allOperations')}</option>
            <For each={props.session.operations}>{(one) => <option value={one.slug}>{one.name}</option>}</For>
          </select>
        </label>
      </Show>
    </div>
  );
}

/** The forms, narrowed by what the reader looks for. */
function FoundForms(props: {
  readonly session: Session;
  readonly forms: readonly FormVersion[];
  readonly sync: Sync;
}) {
  const [search, setSearch] = createSignal('');
  const [operation, setOperation] = createSignal('');
  const found = createMemo(() => {
    const wanted = search().trim().toLocaleLowerCase();
    return props.forms.filter(
      (form) => (!operation() || form.operation.slug === operation()) && matches(form, wanted),
    );
  });
  const clear = () => {
    setSearch('');
    setOperation('');
  };
  return (
    <>
      <Filters
        session={props.session}
        search={search()}
        operation={operation()}
        onSearch={setSearch}
        onOperation={setOperation}
      />
      <p class="page__count" role="status">
        {tn('list.count', found().length)}
      </p>
      <Show
        when={found().length > 0}
        fallback={
          <Empty icon="search" title={t('list.noMatch.title')} detail={t('list.noMatch.detail')}>
            <button type="button" class="button" onClick={clear}>
              {t('list.clear')}
            </button>
          </Empty>
        }
      >
        <FormGroups forms={found()} showOperation={props.session.operations.length > 1} sync={props.sync} />
      </Show>
    </>
  );
}

export function FormListPage(props: { readonly field: Field }) {
  const { sync, session } = props.field;
  onMount(() => {
    document.title = t('app.title');
    // Most visits open a form next: its largest part is fetched while the list is read.
    setTimeout(() => void warmEngine(), 500);
  });
  const isWaiting = () => sync.forms().length === 0 && sync.syncedAt() === null && ['unknown', 'online'].includes(sync.reach());
  return (
    <>
      <Header title={listTitle(session)} home />
      <main class="page page--tabs" id="content" tabindex="-1">
        <p class="page__who">{t('app.signedInAs', { name: session.user.name || session.user.username })}</p>
        <Banners field={props.field} begins />
        <Show when={does(session, 'receipts')}>
          <ToReceive field={props.field} isAlone={!does(session, 'forms')} />
        </Show>
        <Switch fallback={<FoundForms session={session} forms={sync.forms()} sync={sync} />}>
          <Match when={!does(session, 'forms')}>{null}</Match>
          <Match when={isWaiting()}>
            <Loading />
          </Match>
          <Match when={sync.forms().length === 0 && sync.syncedAt() === null}>
            <Empty icon="form" title={t('list.never.title')} detail={t('list.never.detail')}>
              <button type="button" class="button button--primary" disabled={sync.busy()} onClick={() => void sync.refresh()}>
                {t('app.retry')}
              </button>
            </Empty>
          </Match>
          <Match when={sync.forms().length === 0}>
            <Empty icon="form" title={t('list.empty.title')} detail={t('list.empty.detail')} />
          </Match>
        </Switch>
      </main>
      <Tabs session={props.field.session} unsent={(sync.rows() ?? []).filter(isUnsent).length} />
    </>
  );
}
