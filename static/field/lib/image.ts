/**
 * Makes photos smaller before they travel: to the size that a form prescribes,
 * or when the reader agrees to it.
 */
const QUALITY = 0.85;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest size of the same proportions whose longer edge is at most `limit`. */
export function fitted(size: Size, limit: number): Size {
  const longest = Math.max(size.width, size.height);
  if (longest <= limit) return size;
  const scale = limit / longest;
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

function encode(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The image could not be encoded'))), type, QUALITY);
  });
}

/** The file itself where it is small enough; else a smaller JPEG (PNG stays PNG). Throws on what is no image. */
export async function shrink(file: File, limit: number): Promise<File> {
  const bitmap = await createImageBitmap(file);
  const size = fitted(bitmap, limit);
  if (size.width === bitmap.width && size.height === bitmap.height) {
    bitmap.close();
    return file;
  }
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg';
  const blob = await encode(canvas, type);
  const ending = type === 'image/png' ? '.png' : '.jpg';
  return new File([blob], file.name.replace(/\.[^.]*$/, '') + ending, { type });
}
