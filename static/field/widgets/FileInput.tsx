/** Sound, film and any other file: recorded or chosen, and played back before sending. */
import { createSignal, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { UploadNode } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { useObjectUrl } from '../lib/objectUrl.ts';
import { Icon } from '../ui/Icon.tsx';
import { FilePick, type PickAction } from './FilePick.tsx';
import { useUpload } from './ImageInput.tsx';
import type { WidgetProps } from './props.ts';

const AudioRecorder = lazy(async () => ({ default: (await import('./AudioRecorder.tsx')).AudioRecorder }));

type Kind = 'audio' | 'video' | 'file';

function kindOf(node: UploadNode): Kind {
  const { type } = node.nodeOptions.media;
  return type === 'audio' || type === 'video' ? type : 'file';
}

function acceptOf(node: UploadNode, kind: Kind): string {
  if (kind !== 'file') return `${kind}/*`;
  const { accept } = node.nodeOptions.media;
  // XLSForm's "file" means any file, whatever media type the conversion writes.
  return accept.startsWith('application/') ? '' : accept;
}

function actionsOf(kind: Kind): readonly PickAction[] {
  if (kind === 'audio') return [{ icon: 'file', text: t('file.audio') }];
  if (kind === 'file') return [{ icon: 'file', text: t('file.any') }];
  return [
    { icon: 'camera', text: t('file.recordVideo'), capture: 'environment' },
    { icon: 'file', text: t('file.video') },
  ];
}

export function FileInput(props: WidgetProps<UploadNode>) {
  const kind = kindOf(props.node);
  const { file, set } = useUpload(props.node);
  const url = useObjectUrl(file);
  const [recording, setRecording] = createSignal(false);
  const canRecord = kind === 'audio' && 'MediaRecorder' in window && Boolean(navigator.mediaDevices?.getUserMedia);
  return (
    <div class="upload">
      <Show when={url()}>
        {(address) => (
          <Switch>
            <Match when={kind === 'audio'}>
              <audio class="media__audio" controls src={address()} aria-label={t('media.audio')} />
            </Match>
            <Match when={kind === 'video'}>
              <video class="media__video" controls src={address()} aria-label={t('media.video')} />
            </Match>
          </Switch>
        )}
      </Show>
      <Show when={canRecord && !recording()}>
        <button type="button" class="button" onClick={() => setRecording(true)}>
          <Icon name="mic" />
          {t('file.record')}
        </button>
      </Show>
      <Show when={recording()}>
        <Suspense>
          <AudioRecorder
            onDone={(made) => {
              setRecording(false);
              if (made) set(made);
            }}
          />
        </Suspense>
      </Show>
      <FilePick
        id={props.id}
        accept={acceptOf(props.node, kind)}
        labelId={props.labelId}
        describedBy={props.describedBy}
        file={file()}
        actions={actionsOf(kind)}
        onPick={set}
        onRemove={() => set(null)}
      />
    </div>
  );
}
