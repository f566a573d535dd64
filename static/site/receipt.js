/* Fills what is outstanding of each line that says nothing yet as arrived in good condition. */

const button = document.querySelector('[data-all-good]');
button.hidden = false;
button.addEventListener('click', () => {
  for (const row of document.querySelectorAll('[data-outstanding]')) {
    const amounts = [...row.querySelectorAll('input[type="number"]')];
    if (amounts.every((input) => !input.value)) amounts[0].value = Number(row.dataset.outstanding);
  }
});
