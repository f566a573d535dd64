/* Dropping a file onto the frame around a file input puts it into the input. */

for (const frame of document.querySelectorAll('[data-drop]')) {
  const input = frame.querySelector('input[type="file"]');
  const over = (event) => {
    event.preventDefault();
    frame.classList.add('is-over');
  };
  frame.addEventListener('dragenter', over);
  frame.addEventListener('dragover', over);
  frame.addEventListener('dragleave', () => frame.classList.remove('is-over'));
  frame.addEventListener('drop', (event) => {
    event.preventDefault();
    frame.classList.remove('is-over');
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
  });
}
