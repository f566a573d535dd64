/**
 * A form on screen: its sections, the way through them, what needs attention,
 * and sending. One section is drawn at a time.
 */
import { createEffect, createMemo, createSignal, on, Show } from 'solid-js';
import type { Api } from '../api/client.ts';
import type { Receipt } from '../api/contract.ts';
import type { FormProblem, FormSession } from '../engine/session.ts';
import { stepsOf, type Step } from '../engine/steps.ts';
import { progress, questions } from '../engine/tree.ts';
import { FormProvider, questionId } from '../form/context.ts';
import { FormToolbar } from '../form/FormToolbar.tsx';
import { LossDialog } from '../form/LossDialog.tsx';
import { Nodes } from '../form/Nodes.tsx';
import { Sections } from '../form/Sections.tsx';
import { Summary } from '../form/Summary.tsx';
import { formNodeLanguage } from '../engine/languages.ts';
import { t } from '../i18n/index.ts';
import type { FrozenRecord, RecordStore } from '../records/types.ts';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { createSending } from './sending.ts';
import { SendFailure } from './SendFailure.tsx';

export interface FormPageProps {
  readonly session: FormSession;
  readonly api: Api;
  readonly records: RecordStore;
  readonly test: boolean;
  onReceived(receipt: Receipt, record: FrozenRecord): void;
}

/** Where the reader is, and how to get elsewhere. */
function createNavigation(session: FormSession) {
  const steps = createMemo(() => stepsOf(session.root, session.layout));
  const [current, setCurrent] = createSignal(steps()[0]?.id ?? '');
  // A section can vanish under the reader when its relevance ends.
  const index = createMemo<number>((before) => {
    const found = steps().findIndex((step) => step.id === current());
    return found >= 0 ? found : Math.max(0, Math.min(before, steps().length - 1));
  }, 0);
  const step = (): Step | undefined => steps()[index()];
  const leave = () => step()?.nodes.flatMap(questions).forEach((node) => session.touch(node));
  return {
    steps,
    index,
    step,
    leave,
    go(id: string) {
      leave();
      setCurrent(id);
    },
  };
}

const scrollTop = () => {
  window.scrollTo(0, 0);
  document.getElementById('content')?.focus({ preventScroll: true });
};

function focusQuestion(problem: FormProblem): void {
  const frame = document.getElementById(questionId(problem.node.nodeId));
  const control = frame?.querySelector<HTMLElement>('input, select, textarea, button');
  frame?.scrollIntoView({ block: 'center' });
  (control ?? frame)?.focus({ preventScroll: true });
}

export function FormPage(props: FormPageProps) {
  const { session } = props;
  const way = createNavigation(session);
  const [warned, setWarned] = createSignal('');
  const { sending, send, edit } = createSending(session, props.records, props.onReceived);
  const busy = () => sending().state !== 'idle';
  const isLast = () => way.index() >= way.steps().length - 1;
  const done = createMemo(() => progress(session.root));
  const summary = createMemo(() => {
    if (session.state.showAll) return session.problems();
    return warned() !== '' && warned() === way.step()?.id ? session.problems(way.step()?.nodes ?? []) : [];
  });
  createEffect(on(() => way.step()?.id, scrollTop, { defer: true }));

  const next = () => {
    const step = way.step();
    const following = way.steps()[way.index() + 1];
    if (!step || !following) return;
    way.leave();
    if (warned() !== step.id && session.problems(step.nodes).length > 0) {
      setWarned(step.id);
      return;
    }
    setWarned('');
    way.go(following.id);
  };
  const previous = () => {
    const before = way.steps()[way.index() - 1];
    if (before) way.go(before.id);
  };
  const trySend = () => {
    session.state.showAll = session.problems().length > 0;
    if (!session.state.showAll && !session.state.loss) void send();
  };
  const jump = (problem: FormProblem) => {
    const step = way.steps().find((one) => one.nodes.flatMap(questions).includes(problem.node));
    if (step && step.id !== way.step()?.id) way.go(step.id);
    requestAnimationFrame(() => focusQuestion(problem));
  };

  return (
    <FormProvider value={{ session, api: props.api }}>
      <Header title={session.form.title} back>
        <FormToolbar progress={done()} test={props.test} />
      </Header>
      <div class="fill" classList={{ 'fill--sections': way.steps().length > 1 }}>
        <Show when={way.steps().length > 1}>
          <Sections steps={way.steps()} index={way.index()} onGo={(id) => way.go(id)} />
        </Show>
        <main class="fill__main" id="content" tabindex="-1">
          <SendFailure sending={sending()} onAgain={() => void send()} onEdit={() => void edit()} />
          <Show when={summary().length > 0 && !busy()}>
            <Summary problems={summary()} onJump={jump} />
          </Show>
          <div class="sheet" inert={busy()} lang={formNodeLanguage(session.root)}>
            <Show when={way.step()?.id} keyed fallback={<p>{t('fill.empty')}</p>}>
              {(_id) => <Nodes nodes={way.step()?.nodes ?? []} />}
            </Show>
          </div>
        </main>
      </div>
      <footer class="actions">
        <div class="actions__bar">
          <Show when={way.index() > 0}>
            <button type="button" class="button" disabled={busy()} onClick={previous}>
              <Icon name="back" />
              {t('fill.previous')}
            </button>
          </Show>
          <span class="actions__space" />
          <Show
            when={isLast()}
            fallback={
              <button type="button" class="button button--primary button--large" disabled={busy()} onClick={next}>
                {summary().length > 0 && warned() === way.step()?.id ? t('fill.nextAnyway') : t('fill.next')}
                <Icon name="next" />
              </button>
            }
          >
            <button type="button" class="button button--primary button--large" disabled={busy()} onClick={trySend}>
              <Icon name="send" />
              {sending().state === 'sending' ? t('fill.sending') : t('fill.send')}
            </button>
          </Show>
        </div>
      </footer>
      <LossDialog />
    </FormProvider>
  );
}
