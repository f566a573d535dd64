// The keyboard in the month: arrows go from day to day with entries, Page Up and Page Down by month.

const month = document.querySelector('.calendar-month');
const cells = [...month.querySelectorAll('td')];
const ahead = getComputedStyle(month).direction === 'rtl' ? -1 : 1;
const STEPS = { ArrowLeft: -ahead, ArrowRight: ahead, ArrowUp: -7, ArrowDown: 7 };
const MONTHS = { PageUp: 'prev', PageDown: 'next' };

function nearest(from, step) {
  const way = Math.sign(step);
  for (let at = from + step; cells[at]; at += way) {
    const link = cells[at].querySelector('a');
    if (link) return link;
  }
  return null;
}

month.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const from = cells.indexOf(event.target.closest('td'));
  const step = STEPS[event.key];
  if (step && from >= 0) {
    event.preventDefault();
    nearest(from, step)?.focus();
  } else if (MONTHS[event.key]) {
    event.preventDefault();
    month.querySelector(`a[rel="${MONTHS[event.key]}"]`)?.click();
  }
});
