/** Some lines of a file. */
export interface Piece {
  data: Blob;
  /** Counts from 1. */
  firstLine: number;
  /** Where it ends in the file, in bytes. */
  end: number;
}

// Ten times what the server commits at a time: progress is real, and few answers are waited for.
const linesOfPiece = 5000;
const lineFeed = 10;

/** A file in pieces of whole lines, read as it goes along. */
export async function* pieces(file: Blob, most = linesOfPiece): AsyncGenerator<Piece> {
  let begin = 0;
  let at = 0;
  let lines = 0;
  let firstLine = 1;
  for (let offset = 0; offset < file.size; offset += 1 << 20) {
    const bytes = new Uint8Array(await file.slice(offset, offset + (1 << 20)).arrayBuffer());
    for (let found = bytes.indexOf(lineFeed); found >= 0; found = bytes.indexOf(lineFeed, found + 1)) {
      lines += 1;
      at = offset + found + 1;
      if (lines < most) continue;
      yield { data: file.slice(begin, at), firstLine, end: at };
      firstLine += lines;
      lines = 0;
      begin = at;
    }
  }
  if (begin < file.size) yield { data: file.slice(begin), firstLine, end: file.size };
}
