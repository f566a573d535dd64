/**
 * A form on screen: its sections, the way through them, what needs attention,
 * and the end of it. One section is drawn at a time.
 */
import { createEffect, createMemo, createSignal, lazy, on, Show, Suspense } from 'solid-js';
import type { FormSession } from '../engine/session.ts';
import { stepsOf, type Step } from '../engine/steps.ts';
import { progress, questions } from '../engine/tree.ts';
import type { QuestionNode } from '../engine/types.ts';
import { FormProvider, questionId } from '../form/context.ts';
import { FormToolbar } from '../form/FormToolbar.tsx';
import { LossDialog } from '../form/LossDialog.tsx';
import { Nodes } from '../form/Nodes.tsx';
import { Sections } from '../form/Sections.tsx';
import { Summary } from '../form/Summary.tsx';
import { formNodeLanguage } from '../engine/languages.ts';
import type { Field } from '../field.ts';
import { t } from '../i18n/index.ts';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { createFinishing } from './finishing.ts';
import type { Saver } from './saver.ts';
import { SaveFailure } from './SaveFailure.tsx';

const JumpList = lazy(async () => ({ default: (await import('../form/JumpList.tsx')).JumpList }));

export interface FormPageProps {
  readonly field: Pick<Field, 'vault' | 'session' | 'sync'>;
  readonly session: FormSession;
  readonly saver: Saver;
  readonly test: boolean;
  onFinished(instanceId: string): void;
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

function focusQuestion(node: QuestionNode): void {
  const frame = document.getElementById(questionId(node.nodeId));
  const control = frame?.querySelector<HTMLElement>('input, select, textarea, button');
  frame?.scrollIntoView({ block: 'center' });
  (control ?? frame)?.focus({ preventScroll: true });
}

/** The ways on from a section: forward once its problems were seen, back, to a problem, to the server. */
function createMoves(session: FormSession, way: ReturnType<typeof createNavigation>, send: () => void) {
  const [warned, setWarned] = createSignal('');
  const isWarned = () => warned() !== '' && warned() === way.step()?.id;
  return {
    summary: createMemo(() => {
      if (session.state.showAll) return session.problems();
      return isWarned() ? session.problems(way.step()?.nodes ?? []) : [];
    }),
    isWarned,
    next() {
      const step = way.step();
      const following = way.steps()[way.index() + 1];
      if (!step || !following) return;
      way.leave();
      const holds = !isWarned() && session.problems(step.nodes).length > 0;
      setWarned(holds ? step.id : '');
      if (!holds) way.go(following.id);
    },
    previous() {
      const before = way.steps()[way.index() - 1];
      if (before) way.go(before.id);
    },
    trySend() {
      session.state.showAll = session.problems().length > 0;
      if (!session.state.showAll && !session.state.loss) send();
    },
    jump(node: QuestionNode) {
      const step = way.steps().find((one) => one.nodes.flatMap(questions).includes(node));
      if (step && step.id !== way.step()?.id) way.go(step.id);
      requestAnimationFrame(() => focusQuestion(node));
    },
  };
}

interface ActionsProps {
  readonly busy: boolean;
  readonly first: boolean;
  readonly last: boolean;
  readonly warned: boolean;
  onPrevious(): void;
  onNext(): void;
  onSend(): void;
}

function Actions(props: ActionsProps) {
  const main = 'button button--primary button--large';
  return (
    <footer class="actions">
      <div class="actions__bar">
        <Show when={!props.first}>
          <button type="button" class="button" disabled={props.busy} onClick={() => props.onPrevious()}>
            <Icon name="back" />
            {t('fill.previous')}
          </button>
        </Show>
        <span class="actions__space" />
        <Show
          when={props.last}
          fallback={
            <button type="button" class={main} disabled={props.busy} onClick={() => props.onNext()}>
              {props.warned ? t('fill.nextAnyway') : t('fill.next')}
              <Icon name="next" />
            </button>
          }
        >
          <button type="button" class={main} disabled={props.busy} onClick={() => props.onSend()}>
            <Icon name="send" />
            {t('fill.send')}
          </button>
        </Show>
      </div>
    </footer>
  );
}

export function FormPage(props: FormPageProps) {
  const { session, saver, field } = props;
  const way = createNavigation(session);
  const { finishing, finish } = createFinishing(session, saver, field.vault, props.onFinished);
  const moves = createMoves(session, way, () => void finish());
  const [listed, setListed] = createSignal(false);
  const busy = () => finishing().state === 'finishing';
  const done = createMemo(() => progress(session.root));
  const failure = () => {
    const [ended, saved] = [finishing(), saver.saving()];
    if (ended.state === 'failed') return ended;
    return saved.state === 'failed' ? saved : null;
  };
  createEffect(on(() => way.step()?.id, scrollTop, { defer: true }));
  return (
    <FormProvider value={{ session, areas: (operation) => field.sync.areas(operation) }}>
      <Header title={session.form.title} back>
        <FormToolbar progress={done()} test={props.test} saving={saver.saving()} onJumpList={() => setListed(true)} />
      </Header>
      <div class="fill" classList={{ 'fill--sections': way.steps().length > 1 }}>
        <Show when={way.steps().length > 1}>
          <Sections steps={way.steps()} index={way.index()} onGo={(id) => way.go(id)} />
        </Show>
        <main class="fill__main" id="content" tabindex="-1">
          <SaveFailure
            failure={failure()}
            saver={saver}
            person={field.session}
            onAgain={() => void (finishing().state === 'failed' ? finish() : saver.flush())}
          />
          <Show when={moves.summary().length > 0 && !busy()}>
            <Summary problems={moves.summary()} onJump={(problem) => moves.jump(problem.node)} />
          </Show>
          <div class="sheet" inert={busy()} lang={formNodeLanguage(session.root)}>
            <Show when={way.step()?.id} keyed fallback={<p>{t('fill.empty')}</p>}>
              {(_id) => <Nodes nodes={way.step()?.nodes ?? []} />}
            </Show>
          </div>
        </main>
      </div>
      <Actions
        busy={busy()}
        first={way.index() === 0}
        last={way.index() >= way.steps().length - 1}
        warned={moves.isWarned() && moves.summary().length > 0}
        onPrevious={moves.previous}
        onNext={moves.next}
        onSend={moves.trySend}
      />
      <LossDialog />
      <Show when={listed()}>
        <Suspense>
          <JumpList
            session={session}
            onClose={() => setListed(false)}
            onJump={(node) => {
              setListed(false);
              moves.jump(node);
            }}
          />
        </Suspense>
      </Show>
    </FormProvider>
  );
}
