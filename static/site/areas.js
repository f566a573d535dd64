/* The tree of areas: unfolds a row by fetching what is below it once, and folds it by hiding every
   row whose path begins with its own. Without this script each area's page lists what is below. */

const table = document.getElementById('areas-table');

function below(path) {
  return [...table.querySelectorAll('tr[data-path]')]
    .filter((row) => row.dataset.path !== path && row.dataset.path.startsWith(path));
}

async function rowsOf(url) {
  const answer = await fetch(url, { headers: { Accept: 'text/html' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const holder = document.createElement('template');
  holder.innerHTML = await answer.text();
  return holder.content.querySelectorAll('tr');
}

function failed() {
  document.getElementById('announcer').textContent = document.body.dataset.requestFailed;
}

async function unfold(button) {
  const row = button.closest('tr');
  const known = below(row.dataset.path);
  button.setAttribute('aria-expanded', 'true');
  if (known.length > 0) {
    // Rows below a folded row stay hidden.
    const folded = known.filter((one) => one.querySelector('.unfold[aria-expanded="false"]')).map((one) => one.dataset.path);
    for (const one of known) {
      one.hidden = folded.some((path) => one.dataset.path !== path && one.dataset.path.startsWith(path));
    }
    return;
  }
  button.setAttribute('aria-busy', 'true');
  try {
    row.after(...await rowsOf(button.dataset.below));
  } catch (error) {
    button.setAttribute('aria-expanded', 'false');
    failed();
    throw error;
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function fold(button) {
  button.setAttribute('aria-expanded', 'false');
  for (const row of below(button.closest('tr').dataset.path)) row.hidden = true;
}

async function more(button) {
  button.disabled = true;
  try {
    button.closest('tr').replaceWith(...await rowsOf(button.dataset.more));
  } catch (error) {
    button.disabled = false;
    failed();
    throw error;
  }
}

table?.addEventListener('click', ({ target }) => {
  const button = target.closest('.unfold');
  if (button && button.getAttribute('aria-expanded') === 'true') fold(button);
  else if (button) unfold(button);
  const next = target.closest('[data-more]');
  if (next) more(next);
});
