package dev.fairlead.codec;

import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.core.model.Dialect;
import java.util.Map;

/** What reads and writes each dialect that can be translated. */
public final class Codecs {
  private static final Map<Dialect, DialectCodec> ALL = Map.of();

  private Codecs() {}

  /** Fails for a dialect that is only ever passed on. */
  public static DialectCodec of(Dialect dialect) {
    DialectCodec codec = ALL.get(dialect);
    if (codec == null) {
      throw new IllegalArgumentException(dialect.label() + " is not translated");
    }
    return codec;
  }
}
