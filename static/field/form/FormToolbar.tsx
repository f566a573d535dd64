/** Below the form's title: how far one is, the form's language, and whether it is a test. */
import { createMemo, For, Show } from 'solid-js';
import { formLanguages, languageName } from '../engine/languages.ts';
import type { Progress } from '../engine/tree.ts';
import { t } from '../i18n/index.ts';
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

export function FormToolbar(props: { readonly progress: Progress; readonly test: boolean }) {
  return (
    <>
      <div class="toolbar">
        <span class="toolbar__progress" id="progress-text">
          {t('fill.progress', { answered: props.progress.answered, total: props.progress.total })}
        </span>
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
