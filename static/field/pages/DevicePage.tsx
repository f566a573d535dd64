/** This device: how it stands with the server, what is kept on it, whose, and the way out. */
import { createSignal, For, Show } from 'solid-js';
import type { Field } from '../field.ts';
import { formatMoment } from '../i18n/dates.ts';
import { formatBytes, t, tn } from '../i18n/index.ts';
import { deviceId, deviceName, isApple } from '../lib/device.ts';
import { tellLeft } from '../lib/leaving.ts';
import { downloadUnsent } from '../records/export.ts';
import { isUnsent } from '../records/types.ts';
import { signOut } from '../store/people.ts';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { explain } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { takeUpdate, updateWaits } from '../worker/register.ts';
import { Banners, skewText } from './Banners.tsx';

function Facts(props: { readonly field: Field }) {
  const { sync, session, skew } = props.field;
  const storage = () => sync.storage();
  const used = () => {
    const { usage = null, quota = null } = storage() ?? {};
    if (usage === null || quota === null) return t('device.unknown');
    return t('device.used', { used: formatBytes(usage), quota: formatBytes(quota) });
  };
  return (
    <dl class="facts">
      <dt>{t('device.person')}</dt>
      <dd>{session.user.name || session.user.username}</dd>
      <dt>{t('device.version')}</dt>
      <dd>{session.version}</dd>
      <dt>{t('device.synced')}</dt>
      <dd>
        <Show when={sync.syncedAt()} fallback={t('device.never')}>
          {(at) => <>{formatMoment(new Date(at()).toISOString())}</>}
        </Show>
      </dd>
      <dt>{t('device.storage')}</dt>
      <dd>
        {used()}
        <br />
        {storage()?.persisted ? t('device.persisted') : t('device.notPersisted')}
        <Show when={isApple()}>
          <br />
          {t('device.apple')}
        </Show>
      </dd>
      <dt>{t('device.clock')}</dt>
      <dd>{skewText(skew()) ?? (skew() === null ? t('device.unknown') : t('device.clockRight'))}</dd>
      <dt>{t('device.name')}</dt>
      <dd>
        {deviceName()}
        <br />
        <span class="facts__code">{deviceId()}</span>
      </dd>
    </dl>
  );
}

function Others(props: { readonly field: Field }) {
  const others = () => [...props.field.sync.others()];
  return (
    <Show when={others().length > 0}>
      <section class="notice">
        <h2 class="notice__title">
          <Icon name="lock" />
          {t('device.othersTitle')}
        </h2>
        <ul>
          <For each={others()}>
            {([name, count]) => <li>{tn('device.others', count, { name })}</li>}
          </For>
        </ul>
        <p>{t('device.othersHow')}</p>
      </section>
    </Show>
  );
}

/** A newer client on this device, which waits until no form is open. */
function Update() {
  const [held, setHeld] = createSignal(false);
  return (
    <Show when={updateWaits()}>
      <div class="notice">
        <p>{t('device.update')}</p>
        <button type="button" class="button button--primary" onClick={async () => setHeld(!(await takeUpdate()))}>
          {t('device.takeUpdate')}
        </button>
        <p class="problem-line" role="alert">
          {held() ? t('device.updateWaits') : ''}
        </p>
      </div>
    </Show>
  );
}

/** Signing out locks what is on the device; unsent records are sent or saved to a file before. */
function SignOut(props: { readonly field: Field }) {
  const { api, sync, vault, session } = props.field;
  /** How many unsent records leaving would lock here, while that is asked. */
  const [asking, setAsking] = createSignal(0);
  const [problem, setProblem] = createSignal('');
  // What was saved a moment ago is not on the screen yet.
  const unsent = async () => (await vault.list().catch(() => sync.rows() ?? [])).filter(isUnsent).length;
  const leave = async () => {
    try {
      await api.signOut();
      tellLeft();
      await signOut();
      location.assign('/accounts/login/?next=/field/');
    } catch (error) {
      setProblem(`${t('device.signOutFailed')} ${explain(error).title}`);
    }
  };
  const tryLeaving = async () => {
    const count = await unsent();
    if (count > 0) setAsking(count);
    else await leave();
  };
  const saveAndLeave = async () => {
    setAsking(0);
    await downloadUnsent(vault, session);
    await leave();
  };
  return (
    <>
      <button type="button" class="button" onClick={() => void tryLeaving()}>
        <Icon name="lock" />
        {t('device.signOut')}
      </button>
      <p class="problem-line" role="alert">
        {problem()}
      </p>
      <Show when={asking() > 0}>
        <ConfirmDialog
          title={tn('device.unsentTitle', asking())}
          detail={t('device.unsentDetail')}
          confirm={t('device.saveAndSignOut')}
          cancel={t('app.cancel')}
          onConfirm={() => void saveAndLeave()}
          onCancel={() => setAsking(0)}
        />
      </Show>
    </>
  );
}

export function DevicePage(props: { readonly field: Field }) {
  const { sync } = props.field;
  document.title = t('device.title');
  return (
    <>
      <Header title={t('device.title')} home />
      <main class="page page--tabs receipt" id="content" tabindex="-1">
        <Banners field={props.field} />
        <Update />
        <Others field={props.field} />
        <Facts field={props.field} />
        <div class="receipt__actions">
          <button type="button" class="button button--primary" disabled={sync.busy()} onClick={() => void sync.refresh()}>
            {sync.busy() ? t('device.syncing') : t('device.sync')}
          </button>
          <SignOut field={props.field} />
        </div>
      </main>
      <Tabs session={props.field.session} unsent={(sync.rows() ?? []).filter(isUnsent).length} />
    </>
  );
}
