/**
 * Fetches what filling a form needs before it is asked for: the page, the
 * engine, and the engine's WebAssembly beside it instead of after it. On a slow
 * link this is the difference between one wait and three.
 */
import wasmAddresses from 'virtual:engine-wasm';

let begun = false;

export function warmEngine(): void {
  if (begun) return;
  begun = true;
  const wasm = wasmAddresses.map((address) =>
    fetch(address, { credentials: 'same-origin' }).then((response) => response.arrayBuffer()),
  );
  // What fails here is fetched again, and reported, when it is really needed.
  void Promise.allSettled([import('@getodk/xforms-engine'), import('../pages/FillPage.tsx'), ...wasm]);
}
