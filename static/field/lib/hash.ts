/**
 * SHA-256 of bytes in hexadecimal: what a receipt of the server is compared
 * with before a record may be called received.
 */
export const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

export async function sha256(blob: Blob): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', new Uint8Array(await blob.arrayBuffer())));
}
