package dev.fairlead.store.log;

import dev.fairlead.core.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the contents of one day's requests. A request's body is kept as a list of parts, each of
 * which is kept once, and the bytes between them; a reply as it is. Confined to the writer's
 * thread.
 */
final class DayWriter implements AutoCloseable {
  private static final int MOST_KNOWN = 50_000;
  private static final int HASH_BYTES = 16;

  private final LogDatabase.DayPlace place;
  private final Connection connection;
  private final Zip zip;
  private final MessageDigest digest;
  private final PreparedStatement findPart;
  private final PreparedStatement addPart;
  private final PreparedStatement addRequest;
  private final PreparedStatement addReply;
  private final PreparedStatement addWords;
  private final Dialect dialect;

  /** Numbers of parts written or looked up lately, by hash. */
  private final Map<Hash, Long> known =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, Long> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private record Hash(long high, long low) {}

  DayWriter(LogDatabase.DayPlace place, Dialect dialect, Zip zip) throws SQLException {
    this.place = place;
    this.connection = place.connection();
    this.dialect = dialect;
    this.zip = zip;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
    String suffix = place.suffix();
    this.findPart = connection.prepareStatement("SELECT n FROM part" + suffix + " WHERE hash = ?");
    this.addPart =
        connection.prepareStatement(
            "INSERT INTO part" + suffix + " (hash, data) VALUES (?, ?) RETURNING n");
    this.addRequest =
        connection.prepareStatement(
            "INSERT INTO request"
                + suffix
                + " (k, lo, size, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    this.addReply =
        connection.prepareStatement(
            "INSERT INTO reply"
                + suffix
                + (dialect == Dialect.SQLITE
                    ? " (k, lo, preview, data) VALUES (?, ?, ?, ?)"
                    : " (k, lo, preview, data, words)"
                        + " VALUES (?, ?, ?, ?, to_tsvector('simple', ?))")
                + " ON CONFLICT DO NOTHING");
    this.addWords =
        connection.prepareStatement(
            dialect == Dialect.SQLITE
                ? "INSERT INTO words (rowid, content) VALUES (?, ?)"
                : "SELECT 1");
  }

  /** Keeps {@code pieces} and returns which of its parts were new. */
  BitSet request(long key, long low, Pieces pieces) throws SQLException {
    BitSet fresh = new BitSet(pieces.count());
    ByteArrayOutputStream manifest = new ByteArrayOutputStream(16 + 3 * pieces.count());
    int at = 0;
    long last = 0;
    for (int i = 0; i < pieces.count(); i++) {
      Bytes part = pieces.part(i);
      literal(manifest, pieces.body(), at, pieces.bounds()[2 * i]);
      at = pieces.bounds()[2 * i + 1];
      long number = part(part, fresh, i);
      Varint.writeSigned(manifest, number - last);
      last = number;
    }
    literal(manifest, pieces.body(), at, pieces.body().length());
    byte[] raw = manifest.toByteArray();
    addRequest.setLong(1, key);
    addRequest.setLong(2, low);
    addRequest.setLong(3, pieces.body().length());
    addRequest.setBytes(4, zip.pack(raw, 0, raw.length));
    addRequest.executeUpdate();
    return fresh;
  }

  private static void literal(ByteArrayOutputStream manifest, Bytes body, int from, int to) {
    Varint.write(manifest, (long) to - from);
    manifest.write(body.array(), body.offset() + from, to - from);
  }

  private long part(Bytes part, BitSet fresh, int index) throws SQLException {
    digest.update(part.array(), part.offset(), part.length());
    byte[] whole = digest.digest();
    Hash hash = new Hash(number(whole, 0), number(whole, 8));
    Long number = known.get(hash);
    if (number != null) {
      return number;
    }
    byte[] shortened = Arrays.copyOf(whole, HASH_BYTES);
    findPart.setBytes(1, shortened);
    try (ResultSet found = findPart.executeQuery()) {
      if (found.next()) {
        number = found.getLong(1);
        known.put(hash, number);
        return number;
      }
    }
    addPart.setBytes(1, shortened);
    addPart.setBytes(2, zip.pack(part.array(), part.offset(), part.length()));
    try (ResultSet keys = addPart.executeQuery()) {
      if (!keys.next()) {
        throw new SQLException("the database gave a part no number");
      }
      number = keys.getLong(1);
    }
    known.put(hash, number);
    fresh.set(index);
    return number;
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = from; i < from + 8; i++) {
      number = (number << 8) | (bytes[i] & 0xff);
    }
    return number;
  }

  /**
   * Keeps what a client was sent, what is shown of its request in lists and what it is found by.
   *
   * @param reply what was sent, or null when that is not kept
   * @param words text to be found by, empty for none
   */
  void reply(long key, long low, String preview, @Nullable Bytes reply, String words)
      throws SQLException {
    addReply.setLong(1, key);
    addReply.setLong(2, low);
    addReply.setString(3, preview.replace('\0', ' '));
    addReply.setBytes(
        4, reply == null ? null : zip.pack(reply.array(), reply.offset(), reply.length()));
    if (dialect == Dialect.POSTGRES) {
      addReply.setString(5, words.replace('\0', ' '));
    }
    int added = addReply.executeUpdate();
    if (dialect == Dialect.SQLITE && added > 0 && !words.isBlank()) {
      addWords.setLong(1, key);
      addWords.setString(2, words);
      addWords.executeUpdate();
    }
  }

  LogDatabase.DayPlace place() {
    return place;
  }

  void commit() throws SQLException {
    connection.commit();
  }

  /** Forgets what was not committed. */
  void rollback() throws SQLException {
    known.clear();
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
