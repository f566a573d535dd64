/* What the shell adds to native elements: closing menus, choosing light or dark, copying a value,
   and telling that a request has failed. Pages work without it. */

const YEAR = 31536000;

function closeMenus(except) {
  for (const menu of document.querySelectorAll('details.menu[open], details.confirm[open]')) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

function choose(theme) {
  const root = document.documentElement;
  root.dataset.theme = theme;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.bsTheme = theme === 'auto' ? (dark ? 'dark' : 'light') : theme;
  document.cookie = `theme=${theme};path=/;max-age=${YEAR};samesite=lax`;
  showChoice(theme);
}

function showChoice(theme) {
  for (const button of document.querySelectorAll('[data-choose-theme]')) {
    button.setAttribute('aria-pressed', String(button.dataset.chooseTheme === theme));
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard without HTTPS: select the text, so that one keystroke copies it.
    source.focus();
    source.select?.();
    return;
  }
  say(button.dataset.copied);
  const label = button.querySelector('.label');
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
}

function say(text) {
  document.getElementById('announcer').textContent = text;
}

document.addEventListener('click', (event) => {
  closeMenus(event.target);
  const theme = event.target.closest('[data-choose-theme]');
  if (theme) choose(theme.dataset.chooseTheme);
  const copier = event.target.closest('[data-copy]');
  if (copier) copy(copier);
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector('details.menu[open], details.confirm[open]');
  if (open) {
    open.open = false;
    open.querySelector('summary').focus();
  }
});

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-submit-on-change]')) event.target.form.requestSubmit();
});

for (const event of ['htmx:responseError', 'htmx:sendError']) {
  document.addEventListener(event, () => say(document.body.dataset.requestFailed));
}

for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
  // On a phone the row of tabs scrolls: the current one stands in its middle.
  const row = tab.closest('.tabs');
  const [at, around] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += at.left + at.width / 2 - around.left - around.width / 2;
}

showChoice(document.documentElement.dataset.theme);
