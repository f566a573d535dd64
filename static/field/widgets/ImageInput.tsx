/** A photo: taken or chosen, made as small as the form wants, seen before it is sent. */
import { createSignal, Show } from 'solid-js';
import { appearances, type UploadNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { formatBytes, t } from '../i18n/index.ts';
import { shrink } from '../lib/image.ts';
import { useObjectUrl } from '../lib/objectUrl.ts';
import { Icon } from '../ui/Icon.tsx';
import { FilePick, type PickAction } from './FilePick.tsx';
import type { WidgetProps } from './props.ts';

/** Above this a photo takes minutes on a slow link, and making it smaller is offered. */
const HEAVY = 800_000;
const OFFERED_EDGE = 1600;

export function useUpload(node: UploadNode) {
  const { session } = useForm();
  return {
    file: () => node.currentState.value,
    set(file: File | null) {
      const before = node.currentState.value;
      session.touch(node);
      session.change(
        () => node.setValue(file),
        () => node.setValue(before),
      );
    },
  };
}

function captureOf(looks: ReadonlySet<string>): 'user' | 'environment' | undefined {
  if (looks.has('selfie') || looks.has('new-front')) return 'user';
  return looks.has('new') ? 'environment' : undefined;
}

/** A form that wants a new photo gets no button for an old one. */
function actionsOf(capture: 'user' | 'environment' | undefined): readonly PickAction[] {
  if (capture) return [{ icon: 'camera', text: t('file.photo'), capture }];
  return [
    { icon: 'camera', text: t('file.photo'), capture: 'environment' },
    { icon: 'image', text: t('file.image') },
  ];
}

export function ImageInput(props: WidgetProps<UploadNode>) {
  const { file, set } = useUpload(props.node);
  const url = useObjectUrl(file);
  // Said anew in another language.
  const [note, setNote] = createSignal<() => string>(() => '');
  const capture = captureOf(appearances(props.node));

  const take = async (chosen: File, limit: number | null) => {
    setNote(() => () => '');
    try {
      const smaller = await shrink(chosen, limit ?? Number.POSITIVE_INFINITY);
      if (smaller.size !== chosen.size) {
        setNote(() => () => t('file.reduced', { before: formatBytes(chosen.size), after: formatBytes(smaller.size) }));
      }
      set(smaller);
    } catch {
      setNote(() => () => t('file.notImage'));
    }
  };
  const heavy = () => !props.node.maxPixels && (file()?.size ?? 0) > HEAVY;
  const reduce = () => {
    const current = file();
    if (current) void take(current, OFFERED_EDGE);
  };

  return (
    <div class="upload">
      <Show when={url()}>
        {(address) => <img class="upload__preview" src={address()} alt={t('file.preview')} />}
      </Show>
      <FilePick
        id={props.id}
        accept="image/*"
        labelId={props.labelId}
        describedBy={props.describedBy}
        file={file()}
        actions={actionsOf(capture)}
        onPick={(chosen) => void take(chosen, props.node.maxPixels)}
        onRemove={() => {
          setNote(() => () => '');
          set(null);
        }}
      />
      <Show when={heavy()}>
        <button type="button" class="button" onClick={reduce}>
          <Icon name="image" />
          {t('file.reduce')}
        </button>
      </Show>
      <p class="question__echo" role="status">
        {note()()}
      </p>
    </div>
  );
}
