package dev.fairlead.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the framing off a body while it is read; a body that ends early is an {@link EOFException}.
 */
final class BodyReader {
  private static final int MAX_CHUNKS_NOTED = 100_000;

  private final WireReader in;
  private final Framing framing;
  private final List<Integer> chunks = new ArrayList<>();
  private List<Header> trailers = List.of();
  private long left;
  private boolean done;

  BodyReader(WireReader in, Framing framing) {
    this.in = in;
    this.framing = framing;
    if (framing instanceof Framing.ContentLength(long bytes)) {
      left = bytes;
    }
  }

  /** At least one byte of body into {@code target}, or -1 at the end of the body. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (done) {
      return -1;
    }
    return switch (framing) {
      case Framing.None() -> end();
      case Framing.UntilClose() -> {
        int count = in.read(target, offset, length);
        yield count < 0 ? end() : count;
      }
      case Framing.ContentLength(long bytes) -> {
        if (left == 0) {
          yield end();
        }
        yield take(target, offset, length, "of " + bytes + " declared bytes");
      }
      case Framing.Chunked() -> {
        if (left == 0 && !nextChunk()) {
          yield end();
        }
        int count = take(target, offset, length, "of a chunk");
        if (left == 0) {
          expectLineEnd();
        }
        yield count;
      }
    };
  }

  /** The next byte of the body, or -1 at its end. */
  int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads to the end of the body; keeps the first {@code keep} bytes and returns the size of the
   * whole.
   */
  long readAll(ByteArrayOutputStream kept, long keep) throws IOException {
    byte[] block = new byte[16 << 10];
    long size = 0;
    for (int n = read(block, 0, block.length); n >= 0; n = read(block, 0, block.length)) {
      kept.write(block, 0, Math.clamp(keep - size, 0, n));
      size += n;
    }
    return size;
  }

  List<Integer> chunks() {
    return chunks;
  }

  List<Header> trailers() {
    return trailers;
  }

  private int end() {
    done = true;
    return -1;
  }

  private int take(byte[] target, int offset, int length, String ofWhat) throws IOException {
    int count = in.read(target, offset, Math.clamp(left, 0, length));
    if (count < 0) {
      throw new EOFException("connection ended with " + left + " bytes missing " + ofWhat);
    }
    left -= count;
    return count;
  }

  private boolean nextChunk() throws IOException {
    String line = in.readLine();
    int semicolon = line.indexOf(';');
    String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    try {
      left = Long.parseUnsignedLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("not a chunk size: '" + line + "'", e);
    }
    if (left == 0) {
      trailers = in.readHeaders();
      return false;
    }
    if (chunks.size() < MAX_CHUNKS_NOTED) {
      chunks.add((int) Math.min(left, Integer.MAX_VALUE));
    }
    return true;
  }

  private void expectLineEnd() throws IOException {
    String rest = in.readLine();
    if (!rest.isEmpty()) {
      throw new IOException("a chunk is longer than its size says: '" + rest + "'");
    }
  }
}
