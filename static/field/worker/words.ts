/** What pages and the service worker say to each other. */
export const TAKE_OVER = 'take-over';
export const SEND_TAG = 'tessera-send';
export const RECORDS_CHANNEL = 'tessera-records';
