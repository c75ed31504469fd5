/** Small genuine pictures: a PNG with a gradient (ISO/IEC 15948) and a grey baseline JPEG (ITU-T T.81). */
import { crc32, deflateSync } from 'node:zlib'

const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** An 8-bit greyscale gradient. @param size pixels in each direction */
export function writePng(size: number, seed: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.writeUInt8(8, 8) // bits per sample; colour type 0 and the default methods follow
  const rows = Buffer.alloc(size * (size + 1))
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) rows[y * (size + 1) + 1 + x] = (x * 3 + y * 5 + seed) & 0xff
  }
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  chunk.set(body, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

/** A JPEG of one grey. Its Huffman tables know just the symbols that such a picture needs. */
export function writeJpeg(blocks: number): Uint8Array {
  const pixels = blocks * 8
  const frame = Buffer.of(8, pixels >> 8, pixels & 0xff, pixels >> 8, pixels & 0xff, 1, 1, 0x11, 0)
  // Every block: no difference to the one before, end of block. Two zero bits; the last byte is filled with ones.
  const bits = blocks * blocks * 2
  const scan = Buffer.alloc(Math.ceil(bits / 8))
  if (bits % 8 !== 0) scan[scan.length - 1] = 0xff >> (bits % 8)
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    jpegSegment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    jpegSegment(0xdb, Buffer.concat([Buffer.of(0), Buffer.alloc(64, 1)])),
    jpegSegment(0xc0, frame),
    jpegSegment(0xc4, oneSymbolTable(0x00)),
    jpegSegment(0xc4, oneSymbolTable(0x10)),
    jpegSegment(0xda, Buffer.of(1, 1, 0x00, 0, 63, 0)),
    scan,
    Buffer.of(0xff, 0xd9),
  ])
}

function jpegSegment(marker: number, data: Uint8Array): Buffer {
  const length = data.length + 2
  return Buffer.concat([Buffer.of(0xff, marker, length >> 8, length & 0xff), data])
}

/** The symbol 0 under the code `0`. @param selector class and number of the table */
function oneSymbolTable(selector: number): Buffer {
  const table = Buffer.alloc(18)
  table[0] = selector
  table[1] = 1
  return table
}
