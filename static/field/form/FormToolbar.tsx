/** Below the form's title: how far one is, the form's language, and whether it is a test. */
import { createMemo, For, Match, Show, Switch } from 'solid-js';
import { formLanguages, languageName } from '../engine/languages.ts';
import type { Progress } from '../engine/tree.ts';
import { formatNumber, t } from '../i18n/index.ts';
import type { Saving } from '../pages/saver.ts';
import { Icon } from '../ui/Icon.tsx';
import { useForm } from './context.ts';

function FormLanguageSwitch() {
  const { session } = useForm();
  const languages = createMemo(() => formLanguages(session.root));
  const choose = (name: string) => {
    const language = languages().find((candidate) => candidate.language === name);
    if (language) session.root.setLanguage(language);
  };
  return (
    <Show when={languages().length > 1}>
      <label class="toolbar__language">
        <span class="toolbar__label">{t('fill.formLanguage')}</span>
        <select
          class="toolbar__select"
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <For each={languages()}>
            {(language) => (
              <option
                value={language.language}
                selected={session.root.currentState.activeLanguage.language === language.language}
              >
                {languageName(language)}
              </option>
            )}
          </For>
        </select>
      </label>
    </Show>
  );
}

/** Whether what is on screen is on the device. */
function SavedSign(props: { readonly saving: Saving }) {
  return (
    <span class="toolbar__saved" classList={{ 'toolbar__saved--failed': props.saving.state === 'failed' }} role="status">
      <Switch>
        <Match when={props.saving.state === 'saved' || props.saving.state === 'saving'}>
          <Icon name="check" />
          {t('fill.saved')}
        </Match>
        <Match when={props.saving.state === 'failed'}>
          <Icon name="alert" />
          {t('fill.notSaved')}
        </Match>
      </Switch>
    </span>
  );
}

export function FormToolbar(props: {
  readonly progress: Progress;
  readonly test: boolean;
  readonly saving: Saving;
  onJumpList(): void;
}) {
  return (
    <>
      <div class="toolbar">
        <button type="button" class="toolbar__jump" aria-haspopup="dialog" onClick={() => props.onJumpList()}>
          <Icon name="list" />
          <span class="visually-hidden">{t('fill.jump')}</span>
          <span class="toolbar__progress toolbar__long" id="progress-text">
            {t('fill.progress', { answered: props.progress.answered, total: props.progress.total })}
          </span>
          <span class="toolbar__progress toolbar__short" aria-hidden="true" dir="ltr">
            {formatNumber(props.progress.answered)}/{formatNumber(props.progress.total)}
          </span>
        </button>
        <SavedSign saving={props.saving} />
        <FormLanguageSwitch />
      </div>
      <progress
        class="progress"
        aria-labelledby="progress-text"
        max={Math.max(1, props.progress.total)}
        value={props.progress.answered}
      />
      <Show when={props.test}>
        <p class="test-banner">{t('fill.test')}</p>
      </Show>
    </>
  );
}
