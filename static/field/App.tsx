/**
 * The frame around every page: which one is shown, and the question that is
 * asked before unsent answers are left behind.
 */
import { createSignal, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { Api } from './api/client.ts';
import type { Session } from './api/contract.ts';
import { t } from './i18n/index.ts';
import { route, startRouter, visit } from './lib/router.ts';
import { FormListPage } from './pages/FormListPage.tsx';
import type { RecordStore } from './records/types.ts';
import { ConfirmDialog } from './ui/Dialog.tsx';
import { Loading } from './ui/States.tsx';

export interface AppProps {
  readonly api: Api;
  readonly session: Session;
  readonly records: RecordStore;
}

const FillPage = lazy(async () => ({ default: (await import('./pages/FillPage.tsx')).FillPage }));

export function App(props: AppProps) {
  const [asking, setAsking] = createSignal<((leave: boolean) => void) | null>(null);
  const answer = (leave: boolean) => {
    asking()?.(leave);
    setAsking(null);
  };
  startRouter(() => new Promise((resolve) => setAsking(() => resolve)));
  const filling = () => {
    const current = route();
    return current.page === 'fill' ? { ...current, visit: visit() } : null;
  };
  return (
    <>
      <Switch>
        <Match when={route().page === 'list'}>
          <FormListPage api={props.api} session={props.session} />
        </Match>
        <Match when={filling()} keyed>
          {(current) => (
            <Suspense fallback={<Loading />}>
              <FillPage {...props} version={current.version} test={current.test} />
            </Suspense>
          )}
        </Match>
      </Switch>
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
