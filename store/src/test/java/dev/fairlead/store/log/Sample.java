package dev.fairlead.store.log;

import dev.fairlead.core.exchange.RequestId;
import dev.fairlead.core.model.Usage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** Rows for tests: what is not said is usual. */
final class Sample {
  private final Random random;
  private final Map<Facet, Term> facets = new EnumMap<>(Facet.class);
  private String session = "session-1";
  private OptionalLong cost = OptionalLong.of(1_000_000);
  private long totalMicros = 1_500_000;
  private List<String> tags = List.of();

  Sample(Random random) {
    this.random = random;
    with(Facet.PROVIDER, "openai")
        .with(Facet.MODEL, "gpt-5.1")
        .with(Facet.OUTCOME, "completed")
        .with(Facet.CLIENT, "cursor");
  }

  Sample with(Facet facet, String value) {
    facets.put(facet, Term.of(value));
    return this;
  }

  Sample session(String id) {
    session = id;
    return this;
  }

  Sample unpriced() {
    cost = OptionalLong.empty();
    return this;
  }

  Sample lasting(long micros) {
    totalMicros = micros;
    return this;
  }

  Sample tagged(String... pairs) {
    tags = List.of(pairs);
    return this;
  }

  LogRow at(long millis) {
    return row(UUID.fromString(RequestId.of(millis, random.nextLong(), random.nextLong())));
  }

  LogRow row(UUID id) {
    return new LogRow(
        id,
        facets,
        session,
        77,
        200,
        totalMicros,
        400_000,
        300,
        0,
        new Usage(100, 900, 0, 0, 50, 10, false),
        cost,
        1,
        2000,
        900,
        0,
        tags,
        "{\"principal\":\"vk:1\",\"attempts\":[]}");
  }
}
