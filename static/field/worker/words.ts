/** What pages and the service worker say to each other, and where they find the files of forms. */
export const TAKE_OVER = 'take-over';
export const SEND_TAG = 'tessera-send';
export const RECORDS_CHANNEL = 'tessera-records';
export const FORMS_CACHE = 'tessera-forms';
