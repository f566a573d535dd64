/**
 * The bar at the top of every page: where one is, the way back, and the
 * language of the interface.
 */
import { For, Show, type JSX } from 'solid-js';
import { language, LANGUAGE_NAMES, LANGUAGES, setLanguage, t, type Language } from '../i18n/index.ts';
import { listPath } from '../lib/router.ts';
import { Icon } from './Icon.tsx';

export function LanguageSwitch() {
  return (
    <label class="language">
      <Icon name="globe" />
      <span class="visually-hidden">{t('app.language')}</span>
      <select
        class="language__select"
        value={language()}
        onChange={(event) => void setLanguage(event.currentTarget.value as Language, { remember: true })}
      >
        <For each={LANGUAGES}>
          {(code) => (
            <option value={code} lang={code}>
              {LANGUAGE_NAMES[code]}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}

export function Header(props: {
  readonly title: string;
  /** The way back: to the list of forms, or to an address. */
  readonly back?: boolean | string;
  readonly home?: boolean;
  readonly children?: JSX.Element;
}) {
  const wayBack = () =>
    typeof props.back === 'string'
      ? { href: props.back, name: t('records.title') }
      : { href: listPath, name: t('app.back') };
  return (
    <header class="header">
      <a class="skip" href="#content" onClick={focusContent}>
        {t('app.skip')}
      </a>
      <div class="header__bar">
        <Show when={props.back}>
          <a class="header__back" href={wayBack().href} aria-label={wayBack().name} title={wayBack().name}>
            <Icon name="back" />
          </a>
        </Show>
        <Show when={props.home}>
          <a class="header__home" href="/">
            {t('app.dashboard')}
          </a>
        </Show>
        <h1 class="header__title">
          <bdi>{props.title}</bdi>
        </h1>
        <LanguageSwitch />
      </div>
      {props.children}
    </header>
  );
}

/** The fragment is the page's address here, so the skip link moves the focus itself. */
function focusContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
