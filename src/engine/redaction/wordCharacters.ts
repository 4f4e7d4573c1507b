/** 1 for each character of words: letters, digits, `_` and `-`. One character a byte. */
export const isInWord = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-') {
  isInWord[letter.charCodeAt(0)] = 1;
}
