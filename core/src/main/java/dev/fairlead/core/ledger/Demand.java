package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.governance.Attribution;
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

  /** Bodies up to this are measured whole; of larger ones only what is or may be text counts. */
  static final int SMALL_BODY = 32 * 1024;

  /** How demands are worked out. */
  record Sources(Pricer pricer, ModelCatalogue catalogue, Estimates estimates) {
    /** What {@code usage} costs whoever asks with key {@code choice} of {@code target}. */
    long cost(Ask ask, Target target, int choice, Usage usage) {
      ProviderKey key = target.key(choice);
      Attribution.Named holder = ask.attribution().key();
      Pricer.Quote quote =
          pricer.quote(
              new Pricer.Sale(
                  target.provider(),
                  target.modelFor(choice),
                  key == null ? null : key.id(),
                  key == null ? null : key.name(),
                  holder == null ? null : holder.id(),
                  ask.operation(),
                  ask.atMillis()),
              usage);
      return Math.min(
          MOST, quote != null ? quote.nanoUsd() : Governance.UNKNOWN_PRICE.nanoUsd(usage));
    }

    /** What {@code usage} of {@code model} costs at most, whichever of the keys has served it. */
    long cost(Ask ask, Target target, String model, Usage usage) {
      long most = cost(ask, target, 0, usage);
      for (int i = 1; i < target.choices(); i++) {
        if (target.modelFor(i).equals(model)) {
          most = Math.max(most, cost(ask, target, i, usage));
        }
      }
      return most;
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

  /** Bytes of a request that a provider could possibly count as text. */
  private static long mostTextBytes(Ask ask) {
    return ask.bodyBytes() <= SMALL_BODY || !ask.prompt().known()
        ? ask.bodyBytes()
        : Math.min(ask.bodyBytes(), ask.prompt().mostTextBytes());
  }

  static Demand of(Ask ask, Target target, boolean strict, Sources sources) {
    Operation operation = ask.operation();
    if (operation == Operation.COUNT_TOKENS || operation == Operation.RESPONSES_INPUT_TOKENS) {
      return NOTHING;
    }
    String name = modelName(target, target.modelFor(0));
    long text = textBytes(ask);
    boolean writes = operation.generates();
    long input = sources.estimates().usualInput(name, text);
    long output =
        writes
            ? product(sources.estimates().usualOutput(name, ask.maxOutputTokens()), ask.choices())
            : 0;
    long usual = sources.cost(ask, target, 0, new Usage(input, 0, 0, 0, output, 0, true));
    long most = usual;
    if (strict) {
      // Which of the keys will serve is not known yet; each may have its own model and prices.
      for (int i = 0; i < target.choices(); i++) {
        most = Math.max(most, most(ask, target, i, sources));
      }
    }
    return new Demand(most, usual, Hold.sum(input, output));
  }

  private static long most(Ask ask, Target target, int choice, Sources sources) {
    String model = target.modelFor(choice);
    long text = mostTextBytes(ask);
    long in = sources.estimates().mostInput(modelName(target, model), text, ask.bodyBytes() - text);
    long out =
        ask.operation().generates()
            ? product(mostOutput(ask, target, model, sources), ask.choices())
            : 0;
    long most = sources.cost(ask, target, choice, new Usage(in, 0, 0, 0, out, 0, true));
    if (in >= CACHED_FROM && target.operation().dialect() == Dialect.ANTHROPIC_MESSAGES) {
      // Writing to a cache costs more than input does.
      Usage cached = new Usage(0, 0, 0, in, out, 0, true);
      most = Math.max(most, sources.cost(ask, target, choice, cached));
    }
    return most;
  }

  private static long mostOutput(Ask ask, Target target, String model, Sources sources) {
    ModelInfo info = sources.catalogue().find(target.provider(), model);
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
