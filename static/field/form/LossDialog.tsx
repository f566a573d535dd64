/** Asks before a smaller number makes the engine erase entries that are filled in. */
import { Show } from 'solid-js';
import { t, tn } from '../i18n/index.ts';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { useForm } from './context.ts';

export function LossDialog() {
  const { session } = useForm();
  return (
    <Show when={session.state.loss}>
      {(loss) => (
        <ConfirmDialog
          title={t('repeat.lossTitle')}
          detail={t('repeat.lossDetail', {
            entries: tn('repeat.lossEntries', loss().entries),
            answers: tn('repeat.lossAnswers', loss().answers),
          })}
          confirm={t('repeat.lossRemove')}
          cancel={t('repeat.lossKeep')}
          danger
          onConfirm={() => loss().remove()}
          onCancel={() => loss().keep()}
        />
      )}
    </Show>
  );
}
