/**
 * A signature, a drawing, or a drawing on a photo, made with a finger, a pen or
 * a mouse. For those who can use none of these, a picture can be chosen instead.
 */
import { createSignal, Show } from 'solid-js';
import { appearances, type UploadNode } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { shrink } from '../lib/image.ts';
import { useObjectUrl } from '../lib/objectUrl.ts';
import { Icon } from '../ui/Icon.tsx';
import { Board } from './Board.tsx';
import { FilePick } from './FilePick.tsx';
import { useUpload } from './ImageInput.tsx';
import type { WidgetProps } from './props.ts';

export function DrawInput(props: WidgetProps<UploadNode>) {
  const looks = appearances(props.node);
  const kind = looks.has('signature') ? 'sign' : looks.has('annotate') ? 'annotate' : 'draw';
  const { file, set } = useUpload(props.node);
  const url = useObjectUrl(file);
  const [open, setOpen] = createSignal(false);
  const [unreadable, setUnreadable] = createSignal(false);
  const take = async (chosen: File) => {
    setUnreadable(false);
    try {
      set(await shrink(chosen, props.node.maxPixels ?? Number.POSITIVE_INFINITY));
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <div class="upload">
      <Show when={url() && !open()}>
        <img class="upload__preview upload__preview--paper" src={url() ?? ''} alt={t('file.preview')} />
      </Show>
      <Show
        when={open()}
        fallback={
          <Show when={kind !== 'annotate' || file()}>
            <button type="button" class="button button--primary" onClick={() => setOpen(true)}>
              <Icon name="pen" />
              {t(`draw.${kind}`)}
            </button>
          </Show>
        }
      >
        <Board
          photo={kind === 'annotate' ? file() : null}
          colours={kind !== 'sign'}
          name={kind === 'sign' ? 'signature' : 'drawing'}
          onSave={(made) => {
            setOpen(false);
            void take(made);
          }}
          onCancel={() => setOpen(false)}
        />
      </Show>
      <FilePick
        id={props.id}
        accept="image/*"
        labelId={props.labelId}
        describedBy={props.describedBy}
        file={file()}
        actions={[{ icon: 'image', text: t('file.image') }]}
        onPick={(chosen) => void take(chosen)}
        onRemove={() => set(null)}
      />
      <Show when={unreadable()}>
        <p class="question__problem">{t('file.notImage')}</p>
      </Show>
    </div>
  );
}
