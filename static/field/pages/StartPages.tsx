/**
 * Shown when the client cannot start: the address is not safe to fill forms at,
 * or the server did not answer.
 */
import { t } from '../i18n/index.ts';
import { signInPath } from '../lib/router.ts';
import { Header } from '../ui/Header.tsx';
import { Empty, Failure } from '../ui/States.tsx';

export function BlockedPage() {
  return (
    <>
      <Header title={t('app.title')} home />
      <main class="page" id="content" tabindex="-1">
        <Empty
          icon="alert"
          title={t('blocked.title')}
          detail={`${t('blocked.detail')} ${t('blocked.how')}`}
        />
      </main>
    </>
  );
}

export function StartFailedPage(props: { readonly error: unknown }) {
  return (
    <>
      <Header title={t('app.title')} home />
      <main class="page" id="content" tabindex="-1">
        <Failure error={props.error}>
          <button type="button" class="button button--primary" onClick={() => location.reload()}>
            {t('app.retry')}
          </button>
        </Failure>
      </main>
    </>
  );
}

/** A coordinator has said that this device is lost: nothing of it is shown. */
export function RevokedPage() {
  return (
    <>
      <Header title={t('app.title')} home />
      <main class="page" id="content" tabindex="-1">
        <Empty icon="lock" title={t('revoked.title')} detail={t('revoked.detail')}>
          <a class="button" href={signInPath()}>
            {t('error.signInHere')}
          </a>
        </Empty>
      </main>
    </>
  );
}
