/**
 * Draws the site's charts in the browser. Vega compiles expressions with
 * `Function`, which the site's content security policy forbids, so the parsed
 * specification is run by Vega's interpreter instead. Loaded only by a page
 * that shows an interactive chart.
 */
import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Draws a Vega-Lite specification into `element`; the caller ends the view with `finalize()`. */
export async function render(element: HTMLElement, spec: TopLevelSpec): Promise<View> {
  const runtime = parse(compile(spec).spec, undefined, { ast: true });
  const view = new View(runtime, {
    expr: expressionInterpreter,
    renderer: 'canvas',
    container: element,
    hover: true,
  });
  return view.runAsync();
}
