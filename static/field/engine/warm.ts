/**
 * Fetches what filling a form needs before it is asked for: the page and the
 * engine. What fails here is fetched again, and reported, when it is really
 * needed.
 */
let warm: Promise<unknown> | null = null;

export function warmEngine(): Promise<unknown> {
  warm ??= Promise.allSettled([import('@getodk/xforms-engine'), import('../pages/FillPage.tsx')]);
  return warm;
}
