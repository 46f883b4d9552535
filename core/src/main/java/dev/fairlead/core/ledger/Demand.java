package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.Target;

/**
 * What one request to one target is expected to use.
 *
 * @param most nano-USD it costs at most
 * @param usual nano-USD such requests cost as a rule
 * @param tokens input and output together, as a rule
 */
record Demand(long most, long usual, long tokens) {
  private static final Demand NOTHING = new Demand(0, 0, 0);

  /** No single request is taken to cost more: a million dollars. */
  private static final long MOST = 1_000_000L * 1_000_000_000L;

  /** Of which models are known to write at most, where the catalogue does not say. */
  static final long ASSUMED_OUTPUT = 32_768;

  /** Below so many tokens no provider keeps a prompt in a cache. */
  private static final long CACHED_FROM = 1_024;

  /** Bodies up to this are measured whole; of larger ones only the text counts. */
  static final int SMALL_BODY = 32 * 1024;

  /** How demands are worked out. */
  record Sources(Pricer pricer, ModelCatalogue catalogue, Estimates estimates) {
    long cost(ProviderConfig provider, String model, Usage usage, long atMillis) {
      Pricer.Quote quote =
          pricer.quote(new Pricer.Sale(provider, model, null, null, null, null, atMillis), usage);
      return Math.min(
          MOST, quote != null ? quote.nanoUsd() : Governance.UNKNOWN_PRICE.nanoUsd(usage));
    }
  }

  static String modelName(Target target, String model) {
    return target.provider().name() + "/" + model;
  }

  /** Bytes of text in a request, as far as it is worth finding out. */
  static long textBytes(Ask ask) {
    return ask.bodyBytes() <= SMALL_BODY || !ask.prompt().known()
        ? ask.bodyBytes()
        : Math.min(ask.bodyBytes(), ask.prompt().textBytes());
  }

  static Demand of(Ask ask, Target target, boolean strict, Sources sources) {
    Operation operation = ask.operation();
    if (operation == Operation.COUNT_TOKENS || operation == Operation.RESPONSES_INPUT_TOKENS) {
      return NOTHING;
    }
    ProviderConfig provider = target.provider();
    String model = target.modelFor(0);
    String name = modelName(target, model);
    long text = textBytes(ask);
    boolean writes = operation.generates();
    long input = sources.estimates().usualInput(name, text);
    long output =
        writes
            ? product(sources.estimates().usualOutput(name, ask.maxOutputTokens()), ask.choices())
            : 0;
    long usual =
        sources.cost(provider, model, new Usage(input, 0, 0, 0, output, 0, true), ask.atMillis());
    if (!strict) {
      return new Demand(usual, usual, Hold.sum(input, output));
    }
    long mostIn = sources.estimates().mostInput(name, text, ask.bodyBytes() - text);
    long mostOut = writes ? product(mostOutput(ask, target, sources), ask.choices()) : 0;
    long most =
        sources.cost(provider, model, new Usage(mostIn, 0, 0, 0, mostOut, 0, true), ask.atMillis());
    if (mostIn >= CACHED_FROM && target.operation().dialect() == Dialect.ANTHROPIC_MESSAGES) {
      // Writing to a cache costs more than input does.
      Usage cached = new Usage(0, 0, 0, mostIn, mostOut, 0, true);
      most = Math.max(most, sources.cost(provider, model, cached, ask.atMillis()));
    }
    return new Demand(Math.max(most, usual), usual, Hold.sum(input, output));
  }

  private static long mostOutput(Ask ask, Target target, Sources sources) {
    ModelInfo info = sources.catalogue().find(target.provider(), target.modelFor(0));
    Long asked = ask.maxOutputTokens();
    Long most = info == null ? null : info.maxOutput();
    if (asked == null) {
      return most == null ? ASSUMED_OUTPUT : most;
    }
    return info != null && info.own() && most != null ? Math.min(asked, most) : asked;
  }

  private static long product(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }
}
