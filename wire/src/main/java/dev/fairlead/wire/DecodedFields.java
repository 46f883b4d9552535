package dev.fairlead.wire;

import dev.fairlead.core.model.Headers;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head as Netty's decoder reads them, in a list. The decoder looks for a handful of
 * names and we for all of them once, which does not pay for a table of hashes and an object a
 * field.
 */
final class DecodedFields extends HttpHeaders {
  /** Has a decoder gather the fields of its heads here. */
  static final HttpHeadersFactory FACTORY =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new DecodedFields();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new DecodedFields();
        }
      };

  /** Names and values in turn. */
  private final ArrayList<String> pairs = new ArrayList<>(32);

  private DecodedFields() {}

  /** The same as ours. */
  static Headers of(HttpHeaders decoded) {
    Headers.Builder headers = Headers.builder();
    if (decoded instanceof DecodedFields fields) {
      List<String> pairs = fields.pairs;
      for (int i = 0; i < pairs.size(); i += 2) {
        headers.add(pairs.get(i), pairs.get(i + 1));
      }
    } else {
      decoded
          .iteratorAsString()
          .forEachRemaining(each -> headers.add(each.getKey(), each.getValue()));
    }
    return headers.build();
  }

  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    if (name.isEmpty() || HttpHeaderValidationUtil.validateToken(name) >= 0) {
      throw new IllegalArgumentException("the name of a header holds a character it may not");
    }
    String text = value.toString();
    if (HttpHeaderValidationUtil.validateValidHeaderValue(text) >= 0) {
      throw new IllegalArgumentException("the header " + name + " holds a character it may not");
    }
    pairs.add(name.toString());
    pairs.add(text);
    return this;
  }

  @Override
  public HttpHeaders add(String name, Object value) {
    return add((CharSequence) name, value);
  }

  @Override
  public HttpHeaders add(String name, Iterable<?> values) {
    values.forEach(value -> add(name, value));
    return this;
  }

  @Override
  public HttpHeaders addInt(CharSequence name, int value) {
    return add(name, value);
  }

  @Override
  public HttpHeaders addShort(CharSequence name, short value) {
    return add(name, value);
  }

  @Override
  public HttpHeaders set(String name, Object value) {
    return remove(name).add(name, value);
  }

  @Override
  public HttpHeaders set(String name, Iterable<?> values) {
    return remove(name).add(name, values);
  }

  @Override
  public HttpHeaders setInt(CharSequence name, int value) {
    return set(name.toString(), value);
  }

  @Override
  public HttpHeaders setShort(CharSequence name, short value) {
    return set(name.toString(), value);
  }

  @Override
  public HttpHeaders remove(String name) {
    for (int i = pairs.size() - 2; i >= 0; i -= 2) {
      if (pairs.get(i).equalsIgnoreCase(name)) {
        pairs.remove(i + 1);
        pairs.remove(i);
      }
    }
    return this;
  }

  @Override
  public HttpHeaders clear() {
    pairs.clear();
    return this;
  }

  @Override
  public @Nullable String get(String name) {
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).equalsIgnoreCase(name)) {
        return pairs.get(i + 1);
      }
    }
    return null;
  }

  @Override
  public List<String> getAll(String name) {
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).equalsIgnoreCase(name)) {
        values.add(pairs.get(i + 1));
      }
    }
    return values;
  }

  @Override
  public boolean contains(String name) {
    return get(name) != null;
  }

  @Override
  public @Nullable Integer getInt(CharSequence name) {
    return read(name, Integer::valueOf);
  }

  @Override
  public int getInt(CharSequence name, int otherwise) {
    return Objects.requireNonNullElse(getInt(name), otherwise);
  }

  @Override
  public @Nullable Short getShort(CharSequence name) {
    return read(name, Short::valueOf);
  }

  @Override
  public short getShort(CharSequence name, short otherwise) {
    return Objects.requireNonNullElse(getShort(name), otherwise);
  }

  @Override
  public @Nullable Long getTimeMillis(CharSequence name) {
    Date date = read(name, DateFormatter::parseHttpDate);
    return date == null ? null : date.toInstant().toEpochMilli();
  }

  @Override
  public long getTimeMillis(CharSequence name, long otherwise) {
    return Objects.requireNonNullElse(getTimeMillis(name), otherwise);
  }

  /** The first value as {@code form} has it, or null where it has not. */
  private <T> @Nullable T read(CharSequence name, Function<String, @Nullable T> form) {
    String value = get(name.toString());
    try {
      return value == null ? null : form.apply(value);
    } catch (NumberFormatException other) {
      return null;
    }
  }

  @Override
  public List<Map.Entry<String, String>> entries() {
    return entriesAs(text -> text);
  }

  private <T> List<Map.Entry<T, T>> entriesAs(Function<String, T> form) {
    List<Map.Entry<T, T>> entries = new ArrayList<>(size());
    for (int i = 0; i < pairs.size(); i += 2) {
      entries.add(
          new SimpleImmutableEntry<>(form.apply(pairs.get(i)), form.apply(pairs.get(i + 1))));
    }
    return entries;
  }

  @Override
  @SuppressWarnings("deprecation") // It has to be there, deprecated as it is.
  public Iterator<Map.Entry<String, String>> iterator() {
    return entries().iterator();
  }

  @Override
  public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
    return this.<CharSequence>entriesAs(text -> text).iterator();
  }

  @Override
  public boolean isEmpty() {
    return pairs.isEmpty();
  }

  @Override
  public int size() {
    return pairs.size() / 2;
  }

  @Override
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      names.add(pairs.get(i));
    }
    return names;
  }
}
