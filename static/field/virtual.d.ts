/** What the build gives beside the files of this folder (vite.config.ts). */
declare module 'virtual:engine-wasm' {
  const addresses: readonly string[];
  export default addresses;
}
