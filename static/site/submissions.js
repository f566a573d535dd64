/* Choosing rows, deciding by keyboard, and asking for a reason. Without it the server asks. */

const LAST_ROW = 'submissions-row';
const KEYS_OFF = 'submissions-keys-off';
const ACTIONS = { a: 'approve', i: 'flag', r: 'reject' };

const form = document.getElementById('decide');
const table = document.getElementById('submissions');
const why = document.getElementById('why');

function decisionButton(action) {
  return document.querySelector(`button[data-decides][value="${action}"]`);
}

/* Asks for the reason, then sends the form as the button would. */
function ask(button) {
  document.getElementById('why-title').textContent = button.dataset.asks;
  const send = document.getElementById('why-send');
  const text = document.getElementById('why-text');
  send.textContent = button.dataset.asks;
  why.showModal();
  text.focus();
  send.onclick = () => {
    if (!text.value.trim()) {
      text.setAttribute('aria-invalid', 'true');
      text.focus();
      return;
    }
    why.close();
    form.requestSubmit(button);
  };
}

if (why) {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-asks]');
    if (!button || document.getElementById('why-text').value.trim()) return;
    event.preventDefault();
    ask(button);
  });
  document.getElementById('why-cancel').addEventListener('click', () => {
    document.getElementById('why-text').value = '';
    why.close();
  });
  why.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) document.getElementById('why-send').click();
  });
}

/* The table: one row at a time takes the focus; keys work only there. */
class Rows {
  constructor() {
    this.rows = [...table.querySelectorAll('tr[data-pk]')];
    this.every = document.getElementById('every');
    this.here = document.getElementById('all-here');
    this.chosen = document.getElementById('chosen');
    table.addEventListener('keydown', (event) => this.onKey(event));
    table.addEventListener('focusin', (event) => this.onFocus(event));
    table.addEventListener('change', () => this.count());
    this.here?.addEventListener('change', () => this.tickAll(this.here.checked));
    this.every?.addEventListener('change', () => this.count());
    form?.addEventListener('submit', () => this.remember());
    this.count();
    this.restore();
  }

  boxes() {
    return this.rows.map((row) => row.querySelector('input[name="id"]')).filter(Boolean);
  }

  ticked() {
    return this.boxes().filter((box) => box.checked);
  }

  tickAll(on) {
    for (const box of this.boxes()) box.checked = on;
    this.count();
  }

  count() {
    if (!this.chosen) return;
    const all = this.every?.checked;
    const ticked = this.ticked().length;
    const count = all ? this.every.parentElement.textContent.trim() : ticked;
    const none = !all && ticked === 0;
    this.chosen.textContent = none ? this.chosen.dataset.none : this.chosen.dataset.some.replace('{count}', count);
    for (const button of document.querySelectorAll('.toolbar button[data-decides]')) button.disabled = none;
    if (this.here) {
      this.here.checked = ticked > 0 && ticked === this.rows.length;
      this.here.indeterminate = ticked > 0 && ticked < this.rows.length;
    }
  }

  focused() {
    return this.rows.indexOf(document.activeElement);
  }

  focus(index) {
    const row = this.rows[Math.max(0, Math.min(index, this.rows.length - 1))];
    for (const one of this.rows) one.tabIndex = one === row ? 0 : -1;
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
  }

  onFocus(event) {
    const row = event.target.closest('tr[data-pk]');
    if (!row) return;
    for (const one of this.rows) one.tabIndex = one === row ? 0 : -1;
  }

  onKey(event) {
    const index = this.focused();
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = this.rows[index];
    const box = row.querySelector('input[name="id"]');
    const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
    if (event.key in moves) this.focus(index + moves[event.key]);
    else if (event.key === 'Enter') row.querySelector('a.opens').click();
    else if (event.key === 'x' && box) {
      box.checked = !box.checked;
      this.count();
    } else if (event.key in ACTIONS && box) this.decide(ACTIONS[event.key], box);
    else if (event.key === 'u') document.getElementById('undo')?.click();
    else return;
    event.preventDefault();
  }

  /* Decides on the chosen rows, or on the one that has the focus. */
  decide(action, box) {
    if (!this.every?.checked && this.ticked().length === 0) box.checked = true;
    this.count();
    decisionButton(action).click();
  }

  /* After a decision the page comes again: go on at the row that followed. */
  remember() {
    const index = this.focused();
    const next = this.rows.slice(index + 1).find((row) => !row.querySelector('input[name="id"]')?.checked);
    const row = index < 0 ? null : next ?? this.rows[index];
    if (row) sessionStorage.setItem(LAST_ROW, row.dataset.pk);
  }

  restore() {
    const pk = sessionStorage.getItem(LAST_ROW);
    sessionStorage.removeItem(LAST_ROW);
    const index = this.rows.findIndex((row) => row.dataset.pk === pk);
    if (index >= 0) this.focus(index);
  }
}

/* The page of one submission: single keys, which can be switched off (WCAG 2.1.4). */
function watchPage() {
  const on = document.getElementById('keys-on');
  on.checked = localStorage.getItem(KEYS_OFF) === null;
  on.addEventListener('change', () => {
    if (on.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, '1');
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, dialog, [role="listbox"], .map');
    if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = { j: 'a[rel="next"]', k: 'a[rel="prev"]' };
    if (event.key in links) document.querySelector(links[event.key])?.click();
    else if (event.key in ACTIONS) decisionButton(ACTIONS[event.key])?.click();
    else if (event.key === 'u') document.getElementById('undo')?.click();
    else return;
    event.preventDefault();
  });
}

/* A search among the questions that can be columns: a form may have hundreds. */
function watchNarrowing(field) {
  const entries = [...document.getElementById(field.dataset.narrows).querySelectorAll('label')];
  field.closest('.field').hidden = entries.length < 12;
  field.addEventListener('input', () => {
    const text = field.value.trim().toLowerCase();
    for (const entry of entries) entry.hidden = !entry.textContent.toLowerCase().includes(text);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault();
  });
}

const narrowing = document.querySelector('[data-narrows]');
if (narrowing) watchNarrowing(narrowing);
if (table) new Rows();
if (document.querySelector('[data-keys-page]')) watchPage();
