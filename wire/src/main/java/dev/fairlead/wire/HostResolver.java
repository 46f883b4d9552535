package dev.fairlead.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Names to addresses, remembered for half a minute. The address a connection goes to is chosen here
 * and checked, so that a name cannot lead somewhere else between check and connection. Confined to
 * one event loop.
 */
final class HostResolver {
  private static final long KEEP_NANOS = 30_000_000_000L;
  private static final int MOST_NAMES = 1_000;

  /** What a name led to. */
  sealed interface Answer {
    /** In the order the system gave them. */
    record Addresses(List<InetAddress> addresses) implements Answer {}

    /** Nothing; {@code reason} for the operator. */
    record Unknown(String reason) implements Answer {}
  }

  private record Known(Answer answer, long until) {}

  private final Executor blocking;
  private final Executor loop;
  private final LongSupplier nanos;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_NAMES;
        }
      };

  HostResolver(Executor blocking, Executor loop, LongSupplier nanos) {
    this.blocking = blocking;
    this.loop = loop;
    this.nanos = nanos;
  }

  /** Answers on the loop, at once when the name is known. */
  void resolve(String host, Consumer<Answer> whenKnown) {
    Known entry = known.get(host);
    long now = nanos.getAsLong();
    if (entry != null && entry.until() - now > 0) {
      whenKnown.accept(entry.answer());
      return;
    }
    blocking.execute(() -> {
      Answer answer = lookUp(host);
      loop.execute(() -> {
        if (answer instanceof Answer.Addresses) {
          known.put(host, new Known(answer, nanos.getAsLong() + KEEP_NANOS));
        }
        whenKnown.accept(answer);
      });
    });
  }

  private static Answer lookUp(String host) {
    try {
      return new Answer.Addresses(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException unknown) {
      return new Answer.Unknown("the name " + host + " does not resolve");
    }
  }
}
