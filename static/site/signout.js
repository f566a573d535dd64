/**
 * Signing out on any page ends the field client's session on this device too.
 * Records that were not sent are the client's business: it sends them, or saves
 * them to a file, before it lets anybody go.
 */
const UNSENT = 'tessera.field.unsent';
const LEFT = 'tessera.field.left';

for (const form of document.querySelectorAll('form[action$="/accounts/logout/"]')) {
  form.addEventListener('submit', (event) => {
    try {
      if (Number(localStorage.getItem(UNSENT)) > 0) {
        event.preventDefault();
        location.assign('/field/#/device');
      } else {
        localStorage.setItem(LEFT, '1');
      }
    } catch {
      // Without storage the client has kept nothing either.
    }
  });
}
