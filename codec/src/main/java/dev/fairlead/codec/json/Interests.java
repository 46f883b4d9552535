package dev.fairlead.codec.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The top-level keys somebody asked for, compiled for comparison with raw bytes. */
public final class Interests {
  private final String[] names;
  private final byte[][] bytes;

  private Interests(String[] names, byte[][] bytes) {
    this.names = names;
    this.bytes = bytes;
  }

  /** Compiles {@code names}, which are ASCII and different from each other. */
  public static Interests of(String... names) {
    byte[][] bytes = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      bytes[i] = names[i].getBytes(StandardCharsets.US_ASCII);
    }
    return new Interests(names.clone(), bytes);
  }

  /** Number of keys. */
  int size() {
    return names.length;
  }

  String name(int index) {
    return names[index];
  }

  /** The keys. */
  public List<String> names() {
    return List.of(names);
  }

  int index(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  int index(byte[] array, int start, int end) {
    int length = end - start;
    for (int i = 0; i < bytes.length; i++) {
      byte[] name = bytes[i];
      if (name.length == length
          && name[0] == array[start]
          && Arrays.equals(array, start, end, name, 0, length)) {
        return i;
      }
    }
    return -1;
  }
}
