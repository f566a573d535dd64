/** Addresses under which the page shows files that are only on this device. */
import { createEffect, createSignal, onCleanup } from 'solid-js';

/** The address of a file's content, given back to the browser when it is no longer shown. */
export function useObjectUrl(file: () => File | null): () => string | null {
  const [url, setUrl] = createSignal<string | null>(null);
  createEffect(() => {
    const current = file();
    const address = current ? URL.createObjectURL(current) : null;
    setUrl(address);
    onCleanup(() => address && URL.revokeObjectURL(address));
  });
  return url;
}
