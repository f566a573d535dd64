/**
 * Pictures, sound and film that belong to a question's words. They come from
 * the form's own files; one that is missing is named instead of left out.
 */
import { Match, Show, Switch } from 'solid-js';
import { filenameOf } from '../engine/attachments.ts';
import type { Text } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { useForm } from './context.ts';

export function FormImage(props: { readonly address: string; readonly alt: string; readonly class?: string }) {
  const { session } = useForm();
  const attachment = () => session.findAttachment(props.address);
  return (
    <Show
      when={attachment()}
      fallback={<span class="media__missing">{t('media.missing', { name: filenameOf(props.address) })}</span>}
    >
      {(found) => <img class={props.class ?? 'media__image'} src={found().url} alt={props.alt} loading="lazy" />}
    </Show>
  );
}

function Player(props: { readonly address: string; readonly kind: 'audio' | 'video' }) {
  const { session } = useForm();
  return (
    <Show when={session.findAttachment(props.address)}>
      {(found) => (
        <Switch>
          <Match when={props.kind === 'audio'}>
            <audio class="media__audio" controls preload="none" src={found().url} aria-label={t('media.audio')} />
          </Match>
          <Match when={props.kind === 'video'}>
            <video class="media__video" controls preload="none" src={found().url} aria-label={t('media.video')} />
          </Match>
        </Switch>
      )}
    </Show>
  );
}

export function LabelMedia(props: { readonly text: Text | null | undefined }) {
  return (
    <>
      <Show when={props.text?.imageSource?.href}>
        {(address) => <FormImage address={address()} alt={t('media.image')} />}
      </Show>
      <Show when={props.text?.audioSource?.href}>{(address) => <Player address={address()} kind="audio" />}</Show>
      <Show when={props.text?.videoSource?.href}>{(address) => <Player address={address()} kind="video" />}</Show>
    </>
  );
}
