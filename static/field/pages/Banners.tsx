/** What one should know before filling a form here: the connection, the session, the room on the device. */
import { Match, Show, Switch, type JSX } from 'solid-js';
import type { Field } from '../field.ts';
import { formatBytes, t, tn } from '../i18n/index.ts';
import { signInPath } from '../lib/router.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';

function Banner(props: { readonly icon: IconName; readonly alert?: boolean; readonly children: JSX.Element }) {
  return (
    <div class="banner" classList={{ 'banner--alert': props.alert }} role={props.alert ? 'alert' : 'status'}>
      <Icon name={props.icon} />
      <div>{props.children}</div>
    </div>
  );
}

function ReachBanner(props: { readonly field: Field }) {
  const reach = () => props.field.sync.reach();
  return (
    <Switch>
      <Match when={reach() === 'signed-out'}>
        <Banner icon="lock" alert>
          <p>{t('banner.signedOut')}</p>
          <a class="button" href={signInPath()}>
            {t('error.signInHere')}
          </a>
        </Banner>
      </Match>
      <Match when={reach() === 'portal'}>
        <Banner icon="alert" alert>
          <p>{t('banner.portal')}</p>
        </Banner>
      </Match>
      <Match when={reach() === 'offline'}>
        <Banner icon="info">
          <p>{t('banner.offline')}</p>
        </Banner>
      </Match>
    </Switch>
  );
}

function StorageBanner(props: { readonly field: Field; readonly begins: boolean }) {
  const storage = () => props.field.sync.storage();
  const left = () => {
    const { usage = null, quota = null } = storage() ?? {};
    return usage !== null && quota !== null ? formatBytes(Math.max(0, quota - usage)) : '';
  };
  return (
    <Switch>
      <Match when={storage()?.danger === 'unavailable'}>
        <Banner icon="alert" alert>
          <p>{t('banner.unavailable')}</p>
        </Banner>
      </Match>
      <Match when={storage()?.danger === 'full'}>
        <Banner icon="alert" alert>
          <p>{t('banner.full')}</p>
        </Banner>
      </Match>
      <Match when={storage()?.danger === 'private'}>
        <Banner icon="alert" alert>
          <p>{t('banner.private')}</p>
        </Banner>
      </Match>
      <Match when={props.begins && storage()?.danger === 'not-kept'}>
        <Banner icon="info">
          <p>{t('banner.notKept')}</p>
        </Banner>
      </Match>
      <Match when={storage()?.danger === 'nearly-full'}>
        <Banner icon="alert" alert>
          <p>{t('banner.nearlyFull', { left: left() })}</p>
        </Banner>
      </Match>
    </Switch>
  );
}

/** A clock that is off by more than this makes times in records doubtful. */
const MOST_SKEW = 2 * 60_000;

const UNITS = [
  { unit: 'day', minutes: 1440 },
  { unit: 'hour', minutes: 60 },
  { unit: 'minute', minutes: 1 },
] as const;

/** How far the device's clock is off, in words, or null where it is right enough. */
export function skewText(skew: number | null): string | null {
  if (skew === null || Math.abs(skew) < MOST_SKEW) return null;
  const off = Math.abs(skew) / 60_000;
  const { unit, minutes } = UNITS.find((one) => off >= 2 * one.minutes) ?? UNITS[2];
  const time = tn(`span.${unit}`, Math.round(off / minutes));
  return skew > 0 ? t('banner.clockSlow', { time }) : t('banner.clockFast', { time });
}

/** `begins` is the page where filling begins: there, and not on every page, is said what a browser never promises. */
export function Banners(props: { readonly field: Field; readonly begins?: boolean }) {
  return (
    <div class="banners">
      <ReachBanner field={props.field} />
      <StorageBanner field={props.field} begins={props.begins ?? false} />
      <Show when={skewText(props.field.skew())}>
        {(text) => (
          <Banner icon="clock" alert>
            <p>{text()}</p>
          </Banner>
        )}
      </Show>
    </div>
  );
}
