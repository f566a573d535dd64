/**
 * The few pictograms of the client, drawn inline so that they need no request.
 * They decorate words and never replace them, hence hidden from readers.
 */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  search: 'M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L21 21',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 8v5m0 3.5v.01M10.3 4.2L2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0z',
  info: 'M12 11v5m0-8.5v.01M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z',
  pin: 'M12 21s-6.5-6-6.5-11a6.5 6.5 0 1 1 13 0c0 5-6.5 11-6.5 11zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  map: 'M9 4L3 6.5v13L9 17l6 2.5 6-2.5v-13L15 6.5 9 4zm0 0v13m6-10.5v13',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4V8zm8 8.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  image: 'M4 5h16v14H4V5zm0 11l5-5 4 4 3-3 4 4M15.5 9v.01',
  file: 'M6 3h8l5 5v13H6V3zm8 0v5h5',
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 1 0-6 0v6a3 3 0 0 0 3 3zm-6-3a6 6 0 0 0 12 0m-6 6v3',
  pen: 'M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1z',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  trash: 'M5 7h14M10 7V4h4v3m-7 0l1 13h8l1-13',
  up: 'M5 15l7-7 7 7',
  down: 'M5 9l7 7 7-7',
  undo: 'M4 9h11a5 5 0 0 1 0 10h-4M4 9l4-4M4 9l4 4',
  send: 'M4 12l16-8-6 17-3-7-7-2z',
  list: 'M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z',
  download: 'M12 4v11m-5-4l5 5 5-5M5 20h14',
  star: 'M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8L12 4z',
  code: 'M4 5v14M8 5v14M11 5v14M15 5v14M17.5 5v14M20.5 5v14',
  clock: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zm0-14v5l3.5 2',
  copy: 'M9 9h11v11H9V9zm-5 6V4h11',
  device: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm3 15h2',
  lock: 'M6 11h12v9H6v-9zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  form: 'M7 3h10a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm2 6h6m-6 4h6m-6 4h3',
} as const;

export type IconName = keyof typeof PATHS;

/** Arrows point along the line of reading, so they turn round with it. */
const TURNS = new Set<IconName>(['back', 'next', 'undo', 'send']);

export function Icon(props: { readonly name: IconName; readonly class?: string }) {
  return (
    <svg
      class={`icon ${props.class ?? ''}`}
      classList={{ 'icon--turns': TURNS.has(props.name) }}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}
