/**
 * The frame around every page: which one is shown, and the question that is
 * asked before answers that could not be saved are left behind.
 */
import { createSignal, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { Field } from './field.ts';
import { t } from './i18n/index.ts';
import { route, startRouter } from './lib/router.ts';
import { FormListPage } from './pages/FormListPage.tsx';
import { RevokedPage } from './pages/StartPages.tsx';
import { ConfirmDialog } from './ui/Dialog.tsx';
import { Loading } from './ui/States.tsx';

const DevicePage = lazy(async () => ({ default: (await import('./pages/DevicePage.tsx')).DevicePage }));
const FillPage = lazy(async () => ({ default: (await import('./pages/FillPage.tsx')).FillPage }));
const RecordPage = lazy(async () => ({ default: (await import('./pages/RecordPage.tsx')).RecordPage }));
const RecordsPage = lazy(async () => ({ default: (await import('./pages/RecordsPage.tsx')).RecordsPage }));

function Pages(props: { readonly field: Field }) {
  const at = <Page extends ReturnType<typeof route>['page']>(page: Page) => {
    const current = route();
    return current.page === page ? (current as Extract<ReturnType<typeof route>, { page: Page }>) : null;
  };
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Match when={at('fill')} keyed>
          {(current) => (
            <FillPage field={props.field} source={{ as: 'new', version: current.version, test: current.test }} />
          )}
        </Match>
        <Match when={at('record')} keyed>
          {(current) => <RecordPage field={props.field} id={current.id} as={current.as} />}
        </Match>
        <Match when={at('records')}>{(current) => <RecordsPage field={props.field} tab={current().tab} />}</Match>
        <Match when={at('device')}>
          <DevicePage field={props.field} />
        </Match>
        <Match when={true}>
          <FormListPage field={props.field} />
        </Match>
      </Switch>
    </Suspense>
  );
}

export function App(props: { readonly field: Field }) {
  const [asking, setAsking] = createSignal<((leave: boolean) => void) | null>(null);
  const answer = (leave: boolean) => {
    asking()?.(leave);
    setAsking(null);
  };
  startRouter(() => new Promise((resolve) => setAsking(() => resolve)));
  return (
    <>
      <Show when={!props.field.sync.revoked()} fallback={<RevokedPage />}>
        <Pages field={props.field} />
      </Show>
      <Show when={asking()}>
        <ConfirmDialog
          title={t('leave.title')}
          detail={t('leave.detail')}
          confirm={t('leave.leave')}
          cancel={t('leave.stay')}
          danger
          onConfirm={() => answer(true)}
          onCancel={() => answer(false)}
        />
      </Show>
    </>
  );
}
