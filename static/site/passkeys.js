/* Shows on the page what the browser refused about a passkey, in place of a line in its console. */
document.addEventListener('allauth.error', (event) => {
  event.preventDefault();
  const notice = document.getElementById('passkey-error');
  if (notice) notice.hidden = false;
});
