/** The three places of the client, within a thumb's reach on a phone. */
import { For, Show } from 'solid-js';
import type { Session } from '../api/contract.ts';
import { t, tn } from '../i18n/index.ts';
import { devicePath, listPath, recordsPath, route } from '../lib/router.ts';
import { listTitle } from '../lib/work.ts';
import { Icon } from './Icon.tsx';

export function Tabs(props: { readonly session: Session; readonly unsent: number }) {
  const places = () =>
    [
      { page: 'list', href: listPath, icon: 'form', text: listTitle(props.session), count: 0 },
      { page: 'records', href: recordsPath(), icon: 'list', text: t('records.title'), count: props.unsent },
      { page: 'device', href: devicePath, icon: 'device', text: t('device.title'), count: 0 },
    ] as const;
  return (
    <nav class="tabs" aria-label={t('app.places')}>
      <For each={places()}>
        {(place) => (
          <a class="tabs__link" href={place.href} aria-current={route().page === place.page ? 'page' : undefined}>
            <Icon name={place.icon} />
            <span>{place.text}</span>
            <Show when={place.count > 0}>
              <span class="tabs__count">
                <span aria-hidden="true">{place.count}</span>
                <span class="visually-hidden">{tn('records.unsent', place.count)}</span>
              </span>
            </Show>
          </a>
        )}
      </For>
    </nav>
  );
}
