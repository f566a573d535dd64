/**
 * Shows a form's own texts. Forms may use Markdown and a little HTML; the
 * engine parses both into nodes, of which only the harmless kinds are drawn.
 * Nothing that a person wrote is ever handed to the browser as HTML.
 */
import { createMemo, For, Match, Switch, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { MarkdownNode, Text } from '../engine/types.ts';

const ALLOWED = new Set(['strong', 'em', 'u', 'ol', 'ul', 'li', 'p', 'span', 'div', 'br']);
/** Headings inside a label would upset the page's outline: they are drawn as large text. */
const HEADING = /^h([1-6])$/;
const MARKUP = /[*_`#<>[\]\n\\]|^\s*\d+[.)]\s/;
const LINE_BREAK = /^<\s*br\s*\/?\s*>$/i;
const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

interface Style {
  readonly color?: string | undefined;
  readonly 'text-align'?: string | undefined;
}

function styleOf(node: MarkdownNode): Style | null {
  if (!('properties' in node) || typeof node.properties !== 'object' || node.properties === null) return null;
  return (node.properties as { readonly style?: Style }).style ?? null;
}

/** Set through the object model, since the page's policy forbids style attributes. */
function paint(element: HTMLElement, style: Style | null): void {
  if (style?.color) element.style.setProperty('color', style.color);
  if (style?.['text-align']) element.style.setProperty('text-align', style['text-align']);
}

const urlOf = (node: MarkdownNode): string => ('url' in node && typeof node.url === 'string' ? node.url : '');

/** The words of a piece of HTML that is not among the allowed ones. */
const wordsOf = (html: string): string =>
  new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';

function Element(props: { readonly node: Extract<MarkdownNode, { children: MarkdownNode[] }> }) {
  const heading = HEADING.exec(props.node.elementName)?.[1];
  const tag = heading ? 'span' : ALLOWED.has(props.node.elementName) ? props.node.elementName : 'span';
  return (
    <Dynamic
      component={tag}
      class={heading ? `heading heading--${heading}` : undefined}
      ref={(element: HTMLElement) => paint(element, styleOf(props.node))}
    >
      <Nodes nodes={props.node.children} />
    </Dynamic>
  );
}

function Nodes(props: { readonly nodes: readonly MarkdownNode[] }): JSX.Element {
  return <For each={props.nodes}>{(node) => <Node node={node} />}</For>;
}

function Node(props: { readonly node: MarkdownNode }): JSX.Element {
  const { node } = props;
  if (node.role === 'child') return node.value;
  if (node.role === 'line-break') return <br />;
  if (node.role === 'html') return LINE_BREAK.test(node.unsafeHtml.trim()) ? <br /> : wordsOf(node.unsafeHtml);
  if (node.elementName !== 'a') return <Element node={node} />;
  if (!SAFE_LINK.test(urlOf(node))) return <Nodes nodes={node.children} />;
  return (
    <a href={urlOf(node)} target="_blank" rel="noopener noreferrer">
      <Nodes nodes={node.children} />
    </a>
  );
}

/** A single paragraph needs no paragraph element inside a label. */
function unwrapped(nodes: MarkdownNode[]): MarkdownNode[] {
  const [only] = nodes;
  const plain = nodes.length === 1 && only?.role === 'parent' && only.elementName === 'p' && !styleOf(only);
  return plain ? only.children : nodes;
}

export function RichText(props: { readonly text: Text | null | undefined }) {
  const plain = createMemo(() => {
    const text = props.text?.asString ?? '';
    return MARKUP.test(text) ? null : text.trim();
  });
  return (
    <Switch>
      <Match when={plain() !== null}>{plain()}</Match>
      <Match when={props.text}>{(text) => <Nodes nodes={unwrapped(text().formatted)} />}</Match>
    </Switch>
  );
}
