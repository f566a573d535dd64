/**
 * One record of the device: opens it for filling where that is what is wanted,
 * else shows where it stands on its way and what can be done with it.
 */
import { createMemo, createResource, lazy, Match, Show, Switch } from 'solid-js';
import type { Kept } from '../engine/kept.ts';
import type { Field } from '../field.ts';
import { t } from '../i18n/index.ts';
import { recordsPath } from '../lib/router.ts';
import { Header } from '../ui/Header.tsx';
import { Empty, Failure, Loading } from '../ui/States.tsx';
import { FillPage } from './FillPage.tsx';
import { RecordView } from './RecordView.tsx';

const ReceivePage = lazy(() => import('../receipts/ReceivePage.tsx'));

function NotHere() {
  return (
    <>
      <Header title={t('record.title')} back={recordsPath()} />
      <main class="page" id="content" tabindex="-1">
        <Empty icon="search" title={t('record.notHere.title')} detail={t('record.notHere.detail')}>
          <a class="button" href={recordsPath()}>
            {t('records.title')}
          </a>
        </Empty>
      </main>
    </>
  );
}

export function RecordPage(props: { readonly field: Field; readonly id: string; readonly as: Kept['as'] | 'receipt' }) {
  const { field, id, as } = props;
  if (as === 'receipt') return <ReceivePage field={field} source={{ waybill: id }} />;
  // Read once: what is being filled must not start afresh with every save.
  const [stored] = createResource(() => field.vault.read(id));
  const row = createMemo(() => field.sync.rows()?.find((one) => one.instanceId === id));
  const fills = () => {
    const found = stored();
    if (!found || found.row.deletedAt) return null;
    return as !== 'draft' || found.row.state === 'draft' ? found : null;
  };
  return (
    <Switch fallback={<Loading />}>
      <Match when={stored.error}>
        <Header title={t('record.title')} back={recordsPath()} />
        <main class="page" id="content" tabindex="-1">
          <Failure error={stored.error} />
        </main>
      </Match>
      <Match when={!stored.loading && fills()} keyed>
        {(found) => (
          <Show when={found.row.kind === 'receipt'} fallback={<FillPage field={field} source={{ as, stored: found }} />}>
            <ReceivePage field={field} source={{ stored: found }} />
          </Show>
        )}
      </Match>
      <Match when={!stored.loading && field.sync.rows()}>
        <Show when={row()} fallback={<NotHere />}>
          {(found) => <RecordView field={field} row={found()} />}
        </Show>
      </Match>
    </Switch>
  );
}
