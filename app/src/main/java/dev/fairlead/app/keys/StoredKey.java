package dev.fairlead.app.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a key; its value is not.
 *
 * @param id stable, safe to log
 * @param name unique, for people
 * @param hash keyed hash of the value, hexadecimal
 * @param hint enough of the value to recognise it by, and too little to guess it
 * @param active whether it is accepted
 * @param expiresAt moment from which it is refused, or null
 */
public record StoredKey(
    String id,
    String name,
    String hash,
    String hint,
    boolean active,
    Instant createdAt,
    @Nullable Instant expiresAt) {
  StoredKey withActive(boolean now) {
    return new StoredKey(id, name, hash, hint, now, createdAt, expiresAt);
  }
}
