// Makes the subsets; see README.md.
import fs from 'node:fs';
import subset from 'subset-font';

const dir = 'node_modules/@expo-google-fonts/noto-sans-sc/';

// characters lists what a font has, by its table cmap in format 12.
function characters(font) {
  const found = new Set();
  let cmap = 0;
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const at = 12 + 16 * i;
    if (font.toString('latin1', at, at + 4) === 'cmap') cmap = font.readUInt32BE(at + 8);
  }
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const table = cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (font.readUInt16BE(table) !== 12) continue;
    for (let k = 0; k < font.readUInt32BE(table + 12); k++) {
      const last = font.readUInt32BE(table + 20 + 12 * k);
      for (let c = font.readUInt32BE(table + 16 + 12 * k); c <= last; c++) found.add(c);
    }
  }
  return [...found];
}

// encoded is what two bytes of GBK say, from the given ones on.
function encoded(lead, trail) {
  const decoder = new TextDecoder('gbk');
  const found = new Set();
  for (let a = lead; a <= 0xfe; a++) {
    for (let b = trail; b <= 0xfe; b++) {
      const s = decoder.decode(Uint8Array.of(a, b));
      if (b !== 0x7f && s !== '\ufffd') for (const c of s) found.add(c.codePointAt(0));
    }
  }
  return found;
}

const gbk = encoded(0x81, 0x40);
const gb2312 = encoded(0xa1, 0xa1);
const between = (c, first, last) => c >= first && c <= last;
const sign = (c) => c < 0x3100 || between(c, 0xff00, 0xffef);
const wanted = {
  '400Regular/NotoSansSC_400Regular': (c) => !between(c, 0xac00, 0xd7af) && (gbk.has(c) || !between(c, 0xf900, 0xfaff)),
  '700Bold/NotoSansSC_700Bold': (c) => gb2312.has(c) || sign(c),
};
const names = ['NotoSansSC-Regular.ttf', 'NotoSansSC-Bold.ttf'];
for (const [i, [file, keep]] of Object.entries(wanted).entries()) {
  const font = fs.readFileSync(`${dir}${file}.ttf`);
  const text = characters(font).filter(keep).map((c) => String.fromCodePoint(c)).join('');
  fs.writeFileSync(names[i], await subset(font, text, { targetFormat: 'truetype', noLayoutClosure: true }));
}
