package dev.fairlead.core.prompt;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How tokens are drawn; decimals as the client wrote them. */
public record Sampling(
    @Nullable BigDecimal temperature,
    @Nullable BigDecimal topP,
    @Nullable Long topK,
    @Nullable BigDecimal frequencyPenalty,
    @Nullable BigDecimal presencePenalty,
    @Nullable Long seed,
    List<String> stop) {
  public static final Sampling NONE = new Sampling(null, null, null, null, null, null, List.of());

  public Sampling {
    stop = List.copyOf(stop);
  }
}
