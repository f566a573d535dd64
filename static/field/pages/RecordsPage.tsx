/** The records of this device by where they stand, with a search, and the way to send or save them. */
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Field } from '../field.ts';
import { formatMoment } from '../i18n/dates.ts';
import { formatBytes, t, tn } from '../i18n/index.ts';
import { recordPath, recordsPath, TABS, type Tab } from '../lib/router.ts';
import { downloadUnsent } from '../records/export.ts';
import { isUnsent, type RecordRow } from '../records/types.ts';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Loading } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { Banners } from './Banners.tsx';
import { tabOf } from './RecordView.tsx';

function matches(row: RecordRow, search: string): boolean {
  const text = [row.name, row.form.title, row.form.assessment?.title, row.instanceId, row.receipt?.id]
    .join(' ')
    .toLocaleLowerCase();
  return search.split(/\s+/).every((word) => text.includes(word));
}

function Chips(props: { readonly rows: readonly RecordRow[]; readonly tab: Tab }) {
  const count = (tab: Tab) => props.rows.filter((row) => tabOf(row) === tab).length;
  return (
    <nav class="chips" aria-label={t('records.title')}>
      <For each={TABS.filter((tab) => tab !== 'removed' || count(tab) > 0 || props.tab === tab)}>
        {(tab) => (
          <a class="chips__link" href={recordsPath(tab)} aria-current={props.tab === tab ? 'page' : undefined}>
            {t(`records.${tab}`)} <span class="chips__count">{count(tab)}</span>
          </a>
        )}
      </For>
    </nav>
  );
}

function Card(props: { readonly row: RecordRow }) {
  return (
    <li class="form-card">
      <a class="form-card__link" href={recordPath(props.row.instanceId)}>
        <span class="form-card__text">
          <span class="form-card__title" dir="auto">
            {props.row.name || t('records.unnamed')}
            <Show when={props.row.test}>
              {' '}
              <span class="badge">{t('records.test')}</span>
            </Show>
          </span>
          <span class="form-card__description" dir="auto">
            {props.row.form.title}
          </span>
          <span class="form-card__facts">
            <time dateTime={new Date(props.row.changedAt).toISOString()}>
              {formatMoment(new Date(props.row.changedAt).toISOString())}
            </time>
            <span>{formatBytes(props.row.size)}</span>
            <Show when={props.row.replaces}>
              <span>{t('records.correction')}</span>
            </Show>
          </span>
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}

/** Sending and saving of everything that the server does not have yet. */
function Together(props: { readonly field: Field; readonly rows: readonly RecordRow[] }) {
  const { sync, vault, session } = props.field;
  const waiting = () => props.rows.filter((row) => tabOf(row) === 'waiting').length;
  const unsent = () => props.rows.filter(isUnsent);
  return (
    <div class="together">
      <Show when={waiting() > 0}>
        <button type="button" class="button button--primary" disabled={sync.sending()} onClick={() => void sync.send(true)}>
          <Icon name="send" />
          {sync.sending() ? t('fill.sending') : tn('records.sendAll', waiting())}
        </button>
      </Show>
      <Show when={unsent().length > 0}>
        <button type="button" class="button" onClick={() => void downloadUnsent(vault, session)}>
          <Icon name="download" />
          {tn('records.saveAll', unsent().length)}
        </button>
      </Show>
    </div>
  );
}

export function RecordsPage(props: { readonly field: Field; readonly tab: Tab }) {
  const [search, setSearch] = createSignal('');
  const rows = () => props.field.sync.rows();
  const unsent = () => (rows() ?? []).filter(isUnsent).length;
  const found = createMemo(() => {
    const wanted = search().trim().toLocaleLowerCase();
    return (rows() ?? []).filter((row) => tabOf(row) === props.tab && matches(row, wanted));
  });
  document.title = t('records.title');
  return (
    <>
      <Header title={t('records.title')} home />
      <main class="page page--tabs" id="content" tabindex="-1">
        <Banners field={props.field} />
        <Show when={rows()} fallback={<Loading />}>
          {(all) => (
            <>
              <Chips rows={all()} tab={props.tab} />
              <div class="filters" role="search">
                <label class="filters__search">
                  <span class="visually-hidden">{t('records.search')}</span>
                  <Icon name="search" />
                  <input
                    type="search"
                    class="input"
                    placeholder={t('records.search')}
                    value={search()}
                    onInput={(event) => setSearch(event.currentTarget.value)}
                  />
                </label>
              </div>
              <Together field={props.field} rows={all()} />
              <Show
                when={found().length > 0}
                fallback={
                  <Empty
                    icon={search() ? 'search' : 'list'}
                    title={search() ? t('records.noMatch') : t(`records.empty.${props.tab}`)}
                    detail={search() ? t('list.noMatch.detail') : t('records.emptyDetail')}
                  />
                }
              >
                <ul class="form-group__list">
                  <For each={found()}>{(row) => <Card row={row} />}</For>
                </ul>
              </Show>
            </>
          )}
        </Show>
      </main>
      <Tabs session={props.field.session} unsent={unsent()} />
    </>
  );
}
