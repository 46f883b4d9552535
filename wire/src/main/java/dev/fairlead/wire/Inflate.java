package dev.fairlead.wire;

import com.github.luben.zstd.ZstdInputStream;
import dev.fairlead.core.model.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Undoes the content coding of a request body, within a bound on size and on how much a byte may
 * grow.
 */
final class Inflate {
  /** Text that is worth sending grows by less; what grows more was made to. */
  static final long MOST_GROWTH = 200;

  /** What a short body may grow to in any case. */
  static final long ALWAYS_ALLOWED = 1024L * 1024;

  /** Content codings of RFC 9110 §8.4 and RFC 8878 that are understood. */
  enum Coding {
    GZIP,
    ZSTD,
    DEFLATE
  }

  /** What came of it. */
  sealed interface Outcome {
    record Plain(Bytes body) implements Outcome {}

    record TooLarge() implements Outcome {}

    record GrowsTooMuch() implements Outcome {}

    record Broken(String reason) implements Outcome {}
  }

  private Inflate() {}

  static @Nullable Coding coding(String name) {
    return switch (name) {
      case "gzip", "x-gzip" -> Coding.GZIP;
      case "zstd" -> Coding.ZSTD;
      case "deflate" -> Coding.DEFLATE;
      default -> null;
    };
  }

  private static InputStream deflate(InputStream raw, boolean bare) {
    Inflater inflater = new Inflater(bare);
    return new InflaterInputStream(raw, inflater) {
      @Override
      public void close() throws IOException {
        super.close();
        inflater.end();
      }
    };
  }

  /** RFC 9110 means the zlib format by deflate; many clients send the bare one. */
  private static boolean hasZlibHeader(Bytes body) {
    return body.length() >= 2
        && (body.at(0) & 0x0f) == 8
        && (((body.at(0) & 0xff) << 8) | (body.at(1) & 0xff)) % 31 == 0;
  }

  static Outcome inflate(Bytes body, Coding coding, long limit) {
    long most =
        Math.min(
            limit, Math.max(ALWAYS_ALLOWED, Math.multiplyExact((long) body.length(), MOST_GROWTH)));
    ByteArrayInputStream raw = new ByteArrayInputStream(body.array(), body.offset(), body.length());
    try (InputStream in =
        switch (coding) {
          case GZIP -> new GZIPInputStream(raw);
          case ZSTD -> new ZstdInputStream(raw);
          case DEFLATE -> deflate(raw, !hasZlibHeader(body));
        }) {
      byte[] plain = new byte[(int) Math.min(most, Math.max(4096L, body.length() * 4L))];
      int length = 0;
      while (true) {
        int read = in.read(plain, length, plain.length - length);
        if (read < 0) {
          return new Outcome.Plain(Bytes.of(plain, 0, length));
        }
        length += read;
        if (length == plain.length) {
          if (length >= most) {
            if (in.read() < 0) {
              return new Outcome.Plain(Bytes.of(plain, 0, length));
            }
            return most < limit ? new Outcome.GrowsTooMuch() : new Outcome.TooLarge();
          }
          plain = Arrays.copyOf(plain, (int) Math.min(most, plain.length * 2L));
        }
      }
    } catch (IOException broken) {
      return new Outcome.Broken(
          "The request body is not valid " + coding.name().toLowerCase(Locale.ROOT) + ".");
    }
  }
}
