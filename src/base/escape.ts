/**
 * Text that came from outside, made safe to print. Control characters (C0, DEL, C1), bidirectional controls, zero-width
 * and other invisible characters, line and paragraph separators and lone surrogates become `\u{1b}`-style escapes, so
 * that no file name and no label can move the cursor, recolour the terminal or show one thing and mean another
 * (Unicode TR36 §3; "Trojan Source", CVE-2021-42574). Ordinary text comes back as it is.
 */
export function escapeControl(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, escapeOne) : text;
}

// C0 and DEL and C1 · soft hyphen · Arabic letter mark · Mongolian vowel separator · U+200B-200F zero width and marks ·
// U+2028-202E separators and bidi · U+2060-206F invisible operators and isolates · BOM · U+FFF9-FFFB annotation ·
// U+E0000-E007F tags · surrogates without a partner
const UNSAFE_SOURCE =
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\p{Cs}]';
const UNSAFE = new RegExp(UNSAFE_SOURCE, 'u');
const UNSAFE_ALL = new RegExp(UNSAFE_SOURCE, 'gu');

function escapeOne(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
