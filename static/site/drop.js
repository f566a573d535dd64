/* Lets files be dropped onto the place of a file control: data-drop names the control,
   data-drop-sends sends the form at once. Choosing files works without this. */

for (const place of document.querySelectorAll('[data-drop]')) {
  const control = document.getElementById(place.dataset.drop);
  const over = (is) => place.classList.toggle('drop-over', is);
  place.addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    over(true);
  });
  place.addEventListener('dragleave', (event) => {
    if (!place.contains(event.relatedTarget)) over(false);
  });
  place.addEventListener('drop', (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    over(false);
    control.files = event.dataTransfer.files;
    if ('dropSends' in place.dataset) control.form.requestSubmit();
  });
}
