/* Links a table to its map: rows carry data-area="<pcode>"; pointing at or focusing one chooses the
   other. Rows that arrive later (a tree that unfolds) are linked too. */

export class Rows {
  constructor(areaMap) {
    const selector = areaMap.text.rows;
    this.areaMap = areaMap;
    this.table = selector ? document.querySelector(selector) : null;
    if (!this.table) return;
    for (const event of ['mouseover', 'focusin']) this.table.addEventListener(event, (one) => this.point(one));
    this.table.addEventListener('mouseleave', () => this.areaMap.highlight(null));
    areaMap.figure.addEventListener('map:hover', ({ detail }) => this.mark(detail.pcode, false));
    areaMap.figure.addEventListener('map:select', ({ detail }) => this.mark(detail.pcode, true));
  }

  point({ target }) {
    const row = target.closest('[data-area]');
    this.mark(null, false);
    if (row) this.areaMap.highlight(row.dataset.area);
  }

  mark(pcode, intoView) {
    for (const row of this.table.querySelectorAll('.is-chosen')) row.classList.remove('is-chosen');
    const row = pcode && this.table.querySelector(`[data-area="${CSS.escape(pcode)}"]`);
    if (!row) return;
    row.classList.add('is-chosen');
    if (intoView) row.scrollIntoView({ block: 'nearest' });
    else this.show(row);
  }

  /* Brings a row into the list's own window without moving the page. */
  show(row) {
    const list = this.table.closest('.scroll');
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const above = row.offsetTop - row.offsetHeight - list.scrollTop;
    const below = row.offsetTop + row.offsetHeight - list.clientHeight - list.scrollTop;
    if (above < 0) list.scrollTop += above;
    else if (below > 0) list.scrollTop += below;
  }
}
