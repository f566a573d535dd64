/**
 * What a page shows while it waits, when it has nothing, and when it failed.
 * A failure always says what happened and what to do.
 */
import { Show, type JSX } from 'solid-js';
import { Problem, type ProblemKind } from '../api/problem.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import type { KeptProblem } from '../records/types.ts';
import { signInPath } from '../lib/router.ts';
import { Icon, type IconName } from './Icon.tsx';

export function Loading(props: { readonly title?: string; readonly detail?: string }) {
  return (
    <div class="state" role="status">
      <span class="spinner" aria-hidden="true" />
      <p class="state__title">{props.title ?? t('app.loading')}</p>
      <Show when={props.detail}>
        <p class="state__detail">{props.detail}</p>
      </Show>
    </div>
  );
}

export function Empty(props: {
  readonly title: string;
  readonly detail: string;
  readonly icon: IconName;
  readonly children?: JSX.Element;
}) {
  return (
    <div class="state">
      <Icon name={props.icon} class="state__icon" />
      <h2 class="state__title">{props.title}</h2>
      <p class="state__detail">{props.detail}</p>
      {props.children}
    </div>
  );
}

interface Explanation {
  readonly title: MessageKey;
  readonly how: MessageKey | null;
}

const EXPLANATIONS: Readonly<Record<ProblemKind, Explanation>> = {
  unreachable: { title: 'error.unreachable.title', how: 'error.unreachable.how' },
  'not-a-receipt': { title: 'error.notOurs.title', how: 'error.notOurs.how' },
  refused: { title: 'error.refused.title', how: null },
  'signed-out': { title: 'error.signedOut.title', how: 'error.signedOut.how' },
};

type Said = { readonly title: string; readonly detail: string; readonly how: string };

/** What was kept of a problem, in words. An answer of ours that speaks of other bytes has its own. */
export function explainKept(problem: KeptProblem): Said {
  const said = explain(new Problem(problem.kind, problem.body, problem.status));
  const unconfirmed = problem.kind === 'not-a-receipt' && problem.status === 201;
  return unconfirmed ? { ...said, title: t('send.notConfirmed'), how: '' } : said;
}

/** What happened and what to do, from any error that reached a page. */
export function explain(error: unknown): Said {
  if (!(error instanceof Problem)) {
    return { title: t('error.unexpected.title'), detail: error instanceof Error ? error.message : '', how: '' };
  }
  const explanation = EXPLANATIONS[error.kind];
  return {
    title: error.body.title ?? t(explanation.title),
    detail: error.body.detail ?? '',
    how: error.body.how ?? (explanation.how ? t(explanation.how) : ''),
  };
}

export function Failure(props: { readonly error: unknown; readonly children?: JSX.Element }) {
  const said = () => explain(props.error);
  return (
    <div class="state" role="alert">
      <Icon name="alert" class="state__icon state__icon--alert" />
      <h2 class="state__title" dir="auto">{said().title}</h2>
      <Show when={said().detail}>
        <p class="state__detail" dir="auto">{said().detail}</p>
      </Show>
      <Show when={said().how}>
        <p class="state__detail" dir="auto">{said().how}</p>
      </Show>
      <Show when={props.error instanceof Problem && props.error.kind === 'signed-out'}>
        <a class="button button--primary" href={signInPath()}>
          {t('error.signInHere')}
        </a>
      </Show>
      {props.children}
    </div>
  );
}
